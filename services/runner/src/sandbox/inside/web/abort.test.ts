import { AbortController, AbortSignal } from './abort.ts';

describe('a signal', () => {
  it('has the reason of those that it follows, and hears of it in order', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const order: string[] = [];
    const both = AbortSignal.any([one.signal, AbortSignal.any([other.signal])]);
    both.addEventListener('abort', () => order.push('both'));
    other.signal.onabort = () => order.push(both.aborted ? 'other, when all are' : 'other, too early');
    other.abort('why');
    expect([order, both.reason, one.signal.aborted]).toEqual([['other, when all are', 'both'], 'why', false]);
  });
});
