import type { File } from './blob.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';

const all = (iterable: unknown) => [...(iterable as Iterable<unknown>)];

describe('a body', () => {
  it('can be read once, and says so', async () => {
    const response = new Response('{"a":1}');
    expect(response.bodyUsed).toBe(false);
    expect(await response.json()).toEqual({ a: 1 });
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow('read already');
    expect(() => response.clone()).toThrow('read already');
  });

  it('goes twice through a clone when it is a stream', async () => {
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
