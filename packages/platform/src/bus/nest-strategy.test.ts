import { Fault } from '@fingerpost/contracts';
import { Controller, Module } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { IsInt, IsString, Min } from 'class-validator';
import { pino } from 'pino';
import { concat, from, interval, Observable, throwError } from 'rxjs';
import { type Service, startService } from '../life/start-service.ts';
import { LocalExchange } from './local-wire.ts';
import { BusContext } from './nest-strategy.ts';
import { WireBus } from './wire-bus.ts';

class Greeting {
  @IsString()
  name: string;

  @IsInt()
  @Min(1)
  times: number;
}

const heard: unknown[] = [];
const unsubscribed = Promise.withResolvers<void>();

@Controller()
class Greeter {
  @MessagePattern('greet')
  greet(@Payload() { name, times }: Greeting) {
    return { text: Array(times).fill(`hello ${name}`).join(', ') };
  }

  @MessagePattern('greet.class')
  async class(@Payload() greeting: Greeting) {
    return { isGreeting: greeting instanceof Greeting, fields: Object.keys(greeting) };
  }

  @MessagePattern('context.*')
  context(@Payload() _: unknown, @Ctx() { call }: BusContext) {
    return { subject: call.subject, hasTime: call.remainingMs() > 0, isAborted: call.signal.aborted };
  }

  @MessagePattern('fault')
  fault() {
    throw new Fault('grant.revoked', 'Revoked.', { detail: { digest: 'd' } });
  }

  @MessagePattern('fault.rejected')
  async rejected() {
    throw new Fault('grant.revoked', 'Revoked.');
  }

  @MessagePattern('fault.unknown')
  unknown() {
    throw new Error('password=hunter2');
  }

  @MessagePattern('fault.observable')
  observable() {
    return concat(
      from([1]),
      throwError(() => new Fault('run.failed', 'Then failed.')),
    );
  }

  @MessagePattern('many.observable')
  many() {
    return from([1, 2, 3]);
  }

  @MessagePattern('many.endless')
  endless() {
    return new Observable<number>((subscriber) => {
      const ticks = interval(5).subscribe(subscriber);
      return () => {
        ticks.unsubscribe();
        unsubscribed.resolve();
      };
    });
  }

  @MessagePattern('many.iterable')
  async *iterable() {
    yield 1;
    yield 2;
  }

  @MessagePattern('bytes')
  async bytes(@Payload() _: unknown, @Ctx() { call }: BusContext) {
    call.sendItem({ status: 200 });
    await call.sendBytes(Buffer.from('first '));
    await call.sendBytes(Buffer.from('second'));
  }

  @MessagePattern('null')
  null() {
    return null;
  }

  @EventPattern('news')
  news(@Payload() message: unknown) {
    heard.push(['news', message]);
  }

  @EventPattern('news')
  async sameNews(@Payload() message: unknown) {
    heard.push(['same news', message]);
  }

  @EventPattern('news.bad')
  bad(@Payload() _: unknown) {
    throw new Error('cannot bear it');
  }
}

@Module({ controllers: [Greeter] })
class GreeterModule {}

describe('Nest’s handlers on the bus', () => {
  const logged: { level: number; msg: string }[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  let service: Service;
  let own: WireBus;
  let bus: WireBus;

  const ask = <T>(subject: string, message: unknown = {}) => bus.request<T>(subject, message, { timeoutMs: 5_000 });

  beforeAll(async () => {
    const exchange = new LocalExchange();
    own = new WireBus(exchange.connect(), log);
    bus = new WireBus(exchange.connect(), log);
    service = await startService('greeter', GreeterModule, own, log);
  });

  afterAll(async () => {
    await service.close();
    await Promise.all([bus.drain(), own.drain()]);
  });

  beforeEach(() => {
    heard.length = 0;
    logged.length = 0;
  });

  const collect = async (subject: string): Promise<unknown[]> => {
    const items: unknown[] = [];
    for await (const item of bus.call(subject, {}, { timeoutMs: 5_000 })) items.push(item);
    return items;
  };

  it('answer', async () => {
    expect(await ask('greet', { name: 'Ada', times: 2 })).toEqual({ text: 'hello Ada, hello Ada' });
    expect(await ask('null')).toBeNull();
  });

  it('get their message as its class, with fields that a newer neighbour added', async () => {
    expect(await ask('greet.class', { name: 'Ada', times: 1, newer: true })).toEqual({
      isGreeting: true,
      fields: ['name', 'times', 'newer'],
    });
  });

  it.each<[unknown, RegExp]>([
    [{ name: 7, times: 0 }, /name: .*string.*; times: .*less than 1/],
    [{}, /name: .*; times: /],
    [JSON.parse('{ "name": "Ada", "__proto__": { "times": 1 } }'), /times: /],
    [null, /./],
    ['text', /./],
    [[], /./],
  ])('never see the message %j: its sender is told why', async (message, why) => {
    const failure = await ask('greet', message).catch((error) => error);
    expect(failure).toMatchObject({ name: 'Fault', code: 'request.invalid', message: expect.stringMatching(why) });
  });

  it('get the exchange as their context', async () => {
    expect(await ask('context.of')).toEqual({ subject: 'context.of', hasTime: true, isAborted: false });
  });

  it('throw faults that arrive as they are', async () => {
    await expect(ask('fault')).rejects.toMatchObject({
      code: 'grant.revoked',
      message: 'Revoked.',
      detail: { digest: 'd' },
    });
    await expect(ask('fault.rejected')).rejects.toMatchObject({ code: 'grant.revoked' });
    expect(logged).toEqual([]);
  });

  it('throw errors of which only an id arrives', async () => {
    const failure = await ask<never>('fault.unknown').catch((error: Fault) => error);
    expect(failure.code).toBe('internal');
    expect(failure.message).not.toContain('hunter2');
    expect(JSON.stringify(logged)).toContain('hunter2');
    expect(JSON.stringify(logged)).toContain(failure.detail!.id);
  });

  it('give an observable or an async iterable as many replies', async () => {
    expect(await collect('many.observable')).toEqual([1, 2, 3]);
    expect(await collect('many.iterable')).toEqual([1, 2]);
    await expect(collect('fault.observable')).rejects.toMatchObject({ code: 'run.failed' });
  });

  it('are unsubscribed from when the asker gives up', async () => {
    const abort = new AbortController();
    const read = async () => {
      for await (const tick of bus.call<number>('many.endless', {}, { timeoutMs: 5_000, signal: abort.signal }))
        if (tick === 3) abort.abort();
    };
    await expect(read()).rejects.toMatchObject({ code: 'bus.cancelled' });
    await unsubscribed.promise;
  });

  it('send bytes behind an item', async () => {
    const exchange = bus.call('bytes', {}, { timeoutMs: 5_000 });
    const items: unknown[] = [];
    for await (const item of exchange) items.push(item);
    const parts: Uint8Array[] = [];
    for await (const part of exchange.body) parts.push(part);
    expect(items).toEqual([{ status: 200 }]);
    expect(Buffer.concat(parts).toString()).toBe('first second');
  });

  it('hear an event once each', async () => {
    bus.publish('news', { text: 'hello' });
    await ask('null');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toEqual([
      ['news', { text: 'hello' }],
      ['same news', { text: 'hello' }],
    ]);
  });

  it('that fail at an event are logged, and go on', async () => {
    bus.publish('news.bad', {});
    bus.publish('news', 1);
    await ask('null');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toHaveLength(2);
    expect(JSON.stringify(logged)).toContain('cannot bear it');
    expect(logged).toHaveLength(1);
  });

  it('are gone when their service is closed', async () => {
    const second = await startService('short-lived', GreeterModule, bus, log);
    await second.close();
    await service.close();
    await expect(ask('greet', { name: 'Ada', times: 1 })).rejects.toMatchObject({ code: 'bus.nobody_answers' });
  });
});
