import { Fault } from '@fingerpost/contracts';
import { isHeaderText } from '../seal/unseal-request.ts';

export type Headers = [name: string, value: string][];

const AT_MOST = { headers: 100, characters: 65_536 };
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** They steer the connection, which is ours: an author's are left out, as `fetch` leaves them out. */
const OURS = new Set(
  'accept-encoding connection content-length expect host http2-settings keep-alive te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

/** Servers that heed these take them for the method and the path: a secret may be bound to others than they name. */
const OVERRULING = /^x-(http-)?method(-override)?$|^x-(original|rewrite)-url$/;

/** Said between two neighbours, or no longer true after decoding. */
const NOT_PASSED_ON = new Set(
  'connection keep-alive proxy-authenticate te trailer transfer-encoding upgrade'.split(' '),
);

const CREDENTIALS = new Set(['authorization', 'cookie']);
const ABOUT_A_BODY = /^content-(encoding|language|location|type|length)$/;

/** @throws Fault `request.invalid` */
export function checkHeaders(headers: readonly unknown[]): Headers {
  let characters = 0;
  for (const header of headers) {
    if (!Array.isArray(header) || header.length !== 2 || typeof header[0] !== 'string' || typeof header[1] !== 'string')
      throw new Fault('request.invalid', 'A header must be a name and a value.');
    const [name, value] = header as [string, string];
    if (!NAME.test(name))
      throw new Fault('request.invalid', `${JSON.stringify(name.slice(0, 60))} is not a header name.`);
    if (!isHeaderText(value))
      throw new Fault(
        'request.invalid',
        `The header ${name} has a line break or another character that headers do not take.`,
      );
    characters += name.length + value.length;
  }
  if (headers.length > AT_MOST.headers || characters > AT_MOST.characters)
    throw new Fault(
      'request.invalid',
      `Headers are too many: ${AT_MOST.headers} and ${AT_MOST.characters} characters at most.`,
    );
  return (headers as Headers).filter(([name]) => isAuthors(name.toLowerCase()));
}

/** What we add to what the author said. */
export function withDefaults(headers: Headers): Headers {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const defaults: Headers = [
    ['accept', '*/*'],
    ['user-agent', 'fingerpost'],
  ];
  return [...headers, ...defaults.filter(([name]) => !names.has(name)), ['accept-encoding', 'gzip, br']];
}

export const withoutCredentials = (headers: Headers): Headers =>
  headers.filter(([name]) => !CREDENTIALS.has(name.toLowerCase()));

export const withoutBodyHeaders = (headers: Headers): Headers =>
  headers.filter(([name]) => !ABOUT_A_BODY.test(name.toLowerCase()));

/** The upstream's headers as the run may see them. */
export function passOn(headers: Readonly<Record<string, string | string[] | undefined>>, isDecoded: boolean): Headers {
  return Object.entries(headers)
    .filter(
      ([name]) =>
        !NOT_PASSED_ON.has(name) && !(isDecoded && (name === 'content-encoding' || name === 'content-length')),
    )
    .flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]));
}

const isAuthors = (name: string) => !OURS.has(name) && !OVERRULING.test(name) && !name.startsWith('proxy-');
