import { Headers } from './headers.ts';
import { Response } from './response.ts';

const all = (iterable: unknown) => [...(iterable as Iterable<unknown>)];

describe('a list of headers', () => {
  it('comes sorted, joined, and cookies one by one', () => {
    const headers = new Headers([
      ['X-B', '1'],
      ['set-cookie', 'a=1, b'],
      ['x-b', '2'],
      ['Set-Cookie', 'c=2'],
      ['Accept', ' text/plain\t'],
    ]);
    expect(all(headers)).toEqual([
      ['accept', 'text/plain'],
      ['set-cookie', 'a=1, b'],
      ['set-cookie', 'c=2'],
      ['x-b', '1, 2'],
    ]);
    expect(headers.getSetCookie()).toEqual(['a=1, b', 'c=2']);
  });

  it.each([
    ['a line break', [['a', 'b\r\nc: d']]],
    ['what is no byte', [['a', '→']]],
    ['a name with a space', [['a b', 'c']]],
    ['a pair of three', [['a', 'b', 'c']]],
  ])('refuses %s', (_what, init) => {
    expect(() => new Headers(init as never)).toThrow(TypeError);
  });

  it('cannot be changed when it is an answer’s', () => {
    expect(() => Response.redirect('https://a.dev/').headers.set('a', 'b')).toThrow('cannot be changed');
  });
});
