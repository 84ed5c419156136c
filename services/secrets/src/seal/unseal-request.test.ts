import { describe, expect, it } from '@jest/globals';
import { MemoryStore } from '../store/memory-store.ts';
import type { Secret } from '../store/secret.ts';
import { bindTo, grantFor, PLACEHOLDER } from '../testing/world.ts';
import { Seal, type Sealed } from './unseal-request.ts';

const HOST = 'api.github.com';
const OTHER = 'zzx9876543210zyxwvutsrqponmlk';
const store = new MemoryStore({
  GH_TOKEN: 'ghp_real',
  PD_TOKEN: PLACEHOLDER,
  BROKEN: 'a\r\nX-Evil: 1',
  EURO: 'a€b',
  LATIN: 'pässword',
  DOLLAR: '$&$1',
});
const grant = grantFor([HOST], {
  secrets: {
    GH_TOKEN: bindTo([HOST], { methods: ['GET', 'POST'], pathPrefixes: ['/repos'] }),
    ...Object.fromEntries(
      ['PD_TOKEN', 'BROKEN', 'EURO', 'LATIN', 'DOLLAR', 'NOT_STORED'].map((name) => [name, bindTo([HOST])]),
    ),
    NOWHERE: { hosts: [HOST], methods: ['GET'], pathPrefixes: ['/'], slots: [] },
  },
});

const sealFor = (placeholders: Record<string, unknown>) => new Seal(placeholders, grant, store);
const requestWith = (value: string, change: Partial<Omit<Sealed, 'url'>> & { url?: string } = {}): Sealed => ({
  ...{ method: 'GET', headers: [['authorization', value]] },
  ...change,
  url: new URL(change.url ?? `https://${HOST}/repos/acme`),
});

const unseal = async (placeholders: Record<string, unknown>, request: Sealed, lent = new Map<string, Secret>()) =>
  (await sealFor(placeholders).unseal(request, lent)).map(([, value]) => value).join();

describe('unsealing', () => {
  it('puts the value in where the placeholder stands, alone or inside a longer value', async () => {
    expect(await unseal({ [PLACEHOLDER]: 'GH_TOKEN' }, requestWith(PLACEHOLDER))).toBe('ghp_real');
    expect(await unseal({ [PLACEHOLDER]: 'GH_TOKEN' }, requestWith(`token=${PLACEHOLDER}; x`))).toBe(
      'token=ghp_real; x',
    );
    expect(await unseal({ [PLACEHOLDER]: 'GH_TOKEN' }, requestWith(`${PLACEHOLDER}:${PLACEHOLDER}`))).toBe(
      'ghp_real:ghp_real',
    );
  });

  it('remembers which values have left', async () => {
    const lent = new Map<string, Secret>();
    await unseal({ [PLACEHOLDER]: 'GH_TOKEN', [OTHER]: 'LATIN' }, requestWith(PLACEHOLDER), lent);
    expect([...lent.keys()]).toEqual(['GH_TOKEN']);
  });

  it('never looks for placeholders inside a value', async () => {
    // PD_TOKEN's value is the text of GH_TOKEN's placeholder: whoever can set one secret must not get another by it.
    expect(await unseal({ [PLACEHOLDER]: 'GH_TOKEN', [OTHER]: 'PD_TOKEN' }, requestWith(OTHER))).toBe(PLACEHOLDER);
  });

  it('takes a value as it is, dollar signs and all', async () => {
    expect(await unseal({ [PLACEHOLDER]: 'DOLLAR' }, requestWith(`a ${PLACEHOLDER} b`))).toBe('a $&$1 b');
    expect(await unseal({ [PLACEHOLDER]: 'LATIN' }, requestWith(PLACEHOLDER))).toBe('pässword');
  });

  it('takes the longer of two placeholders of which one begins the other', async () => {
    const longer = `${PLACEHOLDER}9`;
    expect(await unseal({ [PLACEHOLDER]: 'LATIN', [longer]: 'GH_TOKEN' }, requestWith(longer))).toBe('ghp_real');
  });

  it.each([
    ['another host', { url: 'https://evil.example/repos' }],
    ['another port', { url: `https://${HOST}:8443/repos` }],
    ['plain http', { url: `http://${HOST}/repos` }],
    ['another path', { url: `https://${HOST}/user` }],
    ['a path that climbs out', { url: `https://${HOST}/repos/..%2fuser` }],
    ['another method', { method: 'DELETE' }],
    ['a method in other letters', { method: 'get' }],
  ])('refuses %s', async (_what, change) => {
    await expect(unseal({ [PLACEHOLDER]: 'GH_TOKEN' }, requestWith(PLACEHOLDER, change))).rejects.toMatchObject({
      code: 'secret.misplaced',
      message: expect.stringContaining('GH_TOKEN'),
    });
  });

  it('refuses a secret that is bound to no header', async () => {
    await expect(unseal({ [PLACEHOLDER]: 'NOWHERE' }, requestWith(PLACEHOLDER))).rejects.toMatchObject({
      code: 'secret.misplaced',
    });
  });

  it.each(['BROKEN', 'EURO'])('refuses %s, whose value would break the header, without telling it', async (name) => {
    const error = await unseal({ [PLACEHOLDER]: name }, requestWith(PLACEHOLDER)).catch((error) => error);
    expect(error).toMatchObject({ code: 'secret.misplaced', message: expect.stringContaining(name) });
    for (const part of ['X-Evil', '€']) expect(JSON.stringify([error.message, error.detail])).not.toContain(part);
  });

  it('tells of a secret that nobody has stored', async () => {
    await expect(unseal({ [PLACEHOLDER]: 'NOT_STORED' }, requestWith(PLACEHOLDER))).rejects.toMatchObject({
      code: 'secret.not_found',
    });
  });

  it.each(['short', 'x'.repeat(23), `${'x'.repeat(30)}-`, 'x'.repeat(201), `.*${'x'.repeat(30)}`, ''])(
    'takes "%s" for no placeholder',
    (text) => {
      expect(() => sealFor({ [text]: 'GH_TOKEN' })).toThrow('24 to 200');
    },
  );

  it.each(['OTHER', 'toString', '__proto__', '', 1, null, ['GH_TOKEN']])(
    'refuses a name that is not granted: %p',
    (name) => {
      expect(() => sealFor({ [PLACEHOLDER]: name })).toThrow('no grant');
    },
  );
});

describe('a placeholder in the wrong place', () => {
  const seal = sealFor({ [PLACEHOLDER]: 'GH_TOKEN' });
  const encoded = [...PLACEHOLDER].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('');
  const refuse =
    (request: Sealed, body = '') =>
    () =>
      seal.refuseMisplaced(request, Buffer.from(body));

  it.each([
    ['query', `https://x.example/?token=${PLACEHOLDER}`],
    ['path', `https://x.example/${PLACEHOLDER}/x`],
    ['host, which loses its capitals', `https://${PLACEHOLDER.toUpperCase()}.x.example/`],
    ['fragment', `https://x.example/#${PLACEHOLDER}`],
    ['user name', `https://${PLACEHOLDER}@x.example/`],
    [
      'query with a tab inside, which the parser takes out',
      `https://x.example/?a=${PLACEHOLDER.slice(0, 5)}\t${PLACEHOLDER.slice(5)}`,
    ],
    ['query, percent-encoded', `https://x.example/?a=${encoded}`],
    ['query, percent-encoded twice', `https://x.example/?a=${encoded.replaceAll('%', '%25')}`],
  ])('is found in the %s', (_where, url) => {
    expect(refuse(requestWith('x', { url }))).toThrow('GH_TOKEN stands in the address of a GET request');
  });

  it('is found in a body and in the name of a header', () => {
    expect(refuse(requestWith('x', { method: 'POST' }), `{"a":"b${PLACEHOLDER}"}`)).toThrow(
      'GH_TOKEN stands in the body of a POST request',
    );
    expect(refuse(requestWith('x', { headers: [[`x-${PLACEHOLDER.toUpperCase()}`, 'x']] }))).toThrow(
      'GH_TOKEN stands in the name of a header',
    );
  });

  it('is nowhere where it is only in a header value', () => {
    expect(refuse(requestWith(PLACEHOLDER), '{}')).not.toThrow();
  });
});
