import { AbortController, AbortSignal } from './abort.ts';
import { Blob, File } from './blob.ts';
import { FormData } from './form-data.ts';
import { Headers } from './headers.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';

const all = (iterable: unknown) => [...(iterable as Iterable<unknown>)];

describe('headers', () => {
  it('come sorted, joined, and cookies one by one', () => {
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
  ])('refuse %s', (_what, init) => {
    expect(() => new Headers(init as never)).toThrow(TypeError);
  });

  it('of an answer cannot be changed', () => {
    expect(() => Response.redirect('https://a.dev/').headers.set('a', 'b')).toThrow('cannot be changed');
  });
});

describe('a body', () => {
  it('can be read once, and says so', async () => {
    const response = new Response('{"a":1}');
    expect(response.bodyUsed).toBe(false);
    expect(await response.json()).toEqual({ a: 1 });
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow('read already');
    expect(() => response.clone()).toThrow('read already');
  });

  it('that is a stream goes twice through a clone', async () => {
    const response = new Response(new Response('twice').body);
    const clone = response.clone();
    expect(await Promise.all([response.text(), clone.text()])).toEqual(['twice', 'twice']);
  });

  it('goes over to the request that is made of another', async () => {
    const first = new Request('https://a.dev/', { method: 'POST', body: 'mine', headers: { 'x-a': '1' } });
    const second = new Request(first, { headers: { 'x-b': '2' } });
    expect(first.bodyUsed).toBe(true);
    expect([await second.text(), second.method, all(second.headers)]).toEqual(['mine', 'POST', [['x-b', '2']]]);
  });

  it('is read as a form, with its files', async () => {
    const body = [
      ...['--x', 'Content-Disposition: form-data; name="say ""', '', 'café', '--x'],
      ...[
        'content-disposition: form-data; name="file"; filename="a%22b.txt"',
        'Content-Type: text/csv',
        '',
        '1;2',
        '--x--',
        '',
      ],
    ]
      .join('\r\n')
      .replace('say ""', 'say %22"');
    const form = await new Response(body, {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    }).formData();
    const file = form.get('file') as File;
    expect([form.get('say "'), file.name, file.type, await file.text()]).toEqual([
      'café',
      'a"b.txt',
      'text/csv',
      '1;2',
    ]);
  });

  it.each(['', '--x\r\n', '--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--'])(
    'refuses %j as a form',
    async (body) => {
      const response = new Response(body, { headers: { 'content-type': 'multipart/form-data; boundary=x' } });
      await expect(response.formData()).rejects.toThrow(TypeError);
    },
  );
});

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

describe('a response', () => {
  it.each([
    ['a status of 99', { status: 99 }, RangeError],
    ['a body with status 204', { status: 204 }, TypeError],
    ['a line break in the status text', { statusText: 'a\nb' }, TypeError],
  ])('refuses %s', (_what, init, kind) => {
    expect(() => new Response('x', init)).toThrow(kind);
  });
});

describe('signals', () => {
  it('that follow others have their reason, and hear of it in order', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const order: string[] = [];
    const both = AbortSignal.any([one.signal, AbortSignal.any([other.signal])]);
    both.addEventListener('abort', () => order.push('both'));
    other.signal.onabort = () => order.push(both.aborted ? 'other, when all are' : 'other, too early');
    other.abort('why');
    expect([order, both.reason, one.signal.aborted]).toEqual([['other, when all are', 'both'], 'why', false]);
  });
});

describe('blobs', () => {
  it('are cut like strings, and keep their type only if told', async () => {
    const slice = new Blob(['on', new Blob([' call'])], { type: 'Text/Plain' }).slice(-4, 7);
    expect([await slice.text(), slice.type]).toEqual(['call', '']);
  });

  it('become files in forms', () => {
    const form = new FormData();
    form.set('a', new Blob(['x']), 'x.txt');
    expect((form.get('a') as File).name).toBe('x.txt');
    expect(() => form.set('a', 'text', 'x.txt')).toThrow('Only a Blob');
  });
});
