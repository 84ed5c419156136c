import { AbortController } from './abort.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';

describe('a request', () => {
  it.each([
    ['a body of GET', { body: 'x' }, 'cannot have a body'],
    ['a stream without duplex', { method: 'POST', body: new Response('x').body }, 'duplex'],
    ['TRACE', { method: 'TRACE' }, 'makes no TRACE'],
    ['an unknown redirect', { redirect: 'never' }, 'one of follow, manual, error'],
    ['a signal that is none', { signal: {} }, 'must be an AbortSignal'],
  ])('refuses %s', (_what, init, message) => {
    expect(() => new Request('https://a.dev/', init as never)).toThrow(message);
  });

  it('follows its signal', () => {
    const controller = new AbortController();
    const { signal } = new Request('https://a.dev/', { signal: controller.signal }).clone();
    controller.abort('enough');
    expect([signal.aborted, signal.reason]).toEqual([true, 'enough']);
  });
});
