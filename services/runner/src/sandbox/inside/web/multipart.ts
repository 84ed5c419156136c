/** Forms as `multipart/form-data`, there and back. */
import { isomorphicDecode, isomorphicEncode, TextDecoder } from '@exodus/bytes/encoding.js';
import { bytesOf, File, joined } from './blob.ts';
import { randomUUID } from './crypto.ts';
import { entriesOf, FormData } from './form-data.ts';

export function toMultipart(form: FormData): { bytes: Uint8Array; type: string } {
  const boundary = `----formdata-${randomUUID()}`;
  const parts = entriesOf(form).flatMap(([name, value]) => {
    const file = typeof value === 'string' ? '' : `; filename="${quoted(value.name)}"`;
    const type = typeof value === 'string' ? '' : `\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
    const disposition = `Content-Disposition: form-data; name="${quoted(withCrlf(name))}"${file}`;
    return [
      `--${boundary}\r\n${disposition}${type}\r\n\r\n`,
      typeof value === 'string' ? withCrlf(value) : value,
      '\r\n',
    ];
  });
  return {
    bytes: joined([...parts, `--${boundary}--\r\n`].map(bytesOf)),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

/** @throws TypeError when it is none */
export function fromMultipart(bytes: Uint8Array, contentType: string): FormData {
  const [, quotedBoundary, plainBoundary] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quotedBoundary ?? plainBoundary;
  if (boundary === undefined) throw new TypeError('The content type names no boundary between the parts.');
  const [first = '', ...others] = `\r\n${isomorphicDecode(bytes)}`.split(`\r\n--${boundary}`);
  if (first.trim() !== '' || !others.pop()?.startsWith('--')) throw notMultipart();

  const form = new FormData();
  for (const part of others) {
    const [, head, body] = /^[ \t]*\r\n(.*?\r\n)\r\n(.*)$/s.exec(part) ?? [];
    const disposition = /^content-disposition:[ \t]*form-data(;.*)\r\n/im.exec(head ?? '')?.[1];
    const name = field(disposition, 'name');
    if (name === undefined) throw notMultipart();
    const fileName = field(disposition, 'filename');
    const content = isomorphicEncode(body!);
    const type = /^content-type:[ \t]*(.*?)[ \t]*\r\n/im.exec(head!)?.[1] ?? 'text/plain';
    form.append(name, fileName === undefined ? decoder.decode(content) : new File([content], fileName, { type }));
  }
  return form;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const notMultipart = () => new TypeError('The body is no multipart/form-data.');

function field(disposition: string | undefined, key: string): string | undefined {
  const value = new RegExp(`;\\s*${key}="([^"]*)"`, 'i').exec(disposition ?? '')?.[1];
  return value === undefined ? undefined : unquoted(decoder.decode(isomorphicEncode(value)));
}

const withCrlf = (text: string) => text.replaceAll(/\r\n?|\n/g, '\r\n');
const quoted = (text: string) => text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
const unquoted = (text: string) => text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%22', '"');
