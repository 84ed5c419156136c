import { Response } from './response.ts';

describe('a response', () => {
  it.each([
    ['a status of 99', { status: 99 }, RangeError],
    ['a body with status 204', { status: 204 }, TypeError],
    ['a line break in the status text', { statusText: 'a\nb' }, TypeError],
  ])('refuses %s', (_what, init, kind) => {
    expect(() => new Response('x', init)).toThrow(kind);
  });
});
