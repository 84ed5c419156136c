import { busContract } from './bus.contract.ts';
import { LocalExchange } from './local-wire.ts';

busContract('in one process', async () => {
  const exchange = new LocalExchange();
  return { connect: async () => exchange.connect(), close: async () => {} };
});

describe('an exchange in one process', () => {
  it('leaves timers their turn even while messages call forth messages', async () => {
    const [left, right] = [new LocalExchange()].flatMap((exchange) => [exchange.connect(), exchange.connect()]);
    const frame = { headers: {}, payload: new Uint8Array() };
    let messages = 0;
    let messagesAtTimer = 0;
    const done = Promise.withResolvers<void>();
    left!.subscribe('ping', () => right!.publish('pong', frame));
    right!.subscribe('pong', () => {
      if (++messages === 50_000) done.resolve();
      else left!.publish('ping', frame);
    });
    setTimeout(() => (messagesAtTimer = messages), 1);
    left!.publish('ping', frame);
    await done.promise;
    expect(messagesAtTimer).toBeGreaterThan(0);
    expect(messagesAtTimer).toBeLessThan(50_000);
  });
});
