import { Redactor } from './redactor.ts';
import { Secret } from './secret.ts';

const VALUE = 'pä"ss/w\\rd+1 &=<x>';
const redactor = new Redactor([new Secret(VALUE), new Secret('ghp_0123456789abcdef')]);

async function through(redactor: Redactor, bytes: Uint8Array, size: number): Promise<Buffer> {
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();
  const out: Uint8Array[] = [];
  for await (const chunk of redactor.body(chunks)) out.push(chunk);
  return Buffer.concat(out);
}

describe('redaction', () => {
  const json = JSON.stringify(VALUE).slice(1, -1);
  const forms: [string, string][] = [
    ['plain', VALUE],
    ['in JSON', json],
    ['in JSON with slashes escaped', json.replaceAll('/', '\\/')],
    ['in JSON with unicode escapes', json.replace('ä', '\\u00e4')],
    ['in an address', encodeURIComponent(VALUE)],
    ['in an address, small hex digits', encodeURIComponent(VALUE).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ '': VALUE }).toString().slice(1)],
    ['in hex', Buffer.from(VALUE).toString('hex')],
  ];

  it.each(forms)('finds a value %s, wherever the chunks are cut', async (_how, form) => {
    const bytes = Buffer.from(`before ${form} after`);
    for (const size of [1, 2, 3, 7, 16, 1_000])
      expect((await through(redactor, bytes, size)).toString()).toBe('before [redacted] after');
  });

  it.each([0, 1, 2])('finds a value in base64 at offset %i', async (offset) => {
    const inside = Buffer.from(`${'u'.repeat(offset + 3)}${VALUE}:more`);
    for (const encoding of ['base64', 'base64url'] as const) {
      const redacted = (await through(redactor, Buffer.from(inside.toString(encoding)), 5)).toString();
      expect(redacted).toContain('[redacted]');
      expect(Buffer.from(redacted.replace('[redacted]', ''), encoding).toString()).not.toContain('ss/w');
    }
  });

  it('finds values in header values as undici reads them', () => {
    expect(redactor.text('Bearer ghp_0123456789abcdef, x')).toBe('Bearer [redacted], x');
    expect(redactor.text(`a ${VALUE}`)).toBe('a [redacted]');
    expect(redactor.text(`a ${Buffer.from(VALUE).toString('latin1')}`)).toBe('a [redacted]');
  });

  it.each(forms)('finds the beginning of a value %s where a text was cut', (_how, form) => {
    for (const cut of [`before ${form.slice(0, -1)}`, `before ${form.slice(0, 5)}`, `before ${form.slice(0, -1)}…`])
      expect(redactor.cutText(cut)).toMatch(/^before \[redacted\]…?$/);
    expect(redactor.cutText(`before ${form.slice(0, -1)}…. Its last call`)).toBe('before [redacted]…. Its last call');
  });

  it('finds two in a row and several values', async () => {
    const bytes = Buffer.from(`ghp_0123456789abcdefghp_0123456789abcdef${VALUE}`);
    for (const size of [1, 9, 100])
      expect((await through(redactor, bytes, size)).toString()).toBe('[redacted]'.repeat(3));
  });

  it('leaves all other bytes as they are', async () => {
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256));
    for (const size of [1, 333, 5_000]) expect((await through(redactor, bytes, size)).equals(bytes)).toBe(true);
  });

  it('does not cut up answers for a value of a few letters', () => {
    expect(new Redactor([new Secret('a')]).text('banana')).toBe('banana');
  });
});
