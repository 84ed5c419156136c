import type { Secret } from '@fingerpost/platform';
import { MemoryStore } from '../store/memory-store.ts';
import { NO_MINTER } from '../testing/no-minter.ts';
import { bindTo, grantFor, PLACEHOLDER } from '../testing/world.ts';
import type { Outgoing } from './slots.ts';
import { Seal } from './unseal-request.ts';

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

const sealFor = (placeholders: Record<string, unknown>) => new Seal(placeholders, grant, store, NO_MINTER);
const requestWith = (value: string, change: Partial<Omit<Outgoing, 'url'>> & { url?: string } = {}): Outgoing => ({
  method: 'GET',
  headers: [['authorization', value]],
  body: new Uint8Array(),
  ...change,
  url: new URL(change.url ?? `https://${HOST}/repos/acme`),
});

const unseal = async (placeholders: Record<string, unknown>, request: Outgoing, lent = new Set<Secret>()) =>
  (await sealFor(placeholders).unseal(request, lent)).headers.map(([, value]) => value).join();

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
    const lent = new Set<Secret>();
    await unseal({ [PLACEHOLDER]: 'GH_TOKEN', [OTHER]: 'LATIN' }, requestWith(PLACEHOLDER), lent);
    expect([...lent].map((secret) => secret.reveal())).toEqual(['ghp_real']);
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

  it('says what to write so that another path may be used', async () => {
    const elsewhere = requestWith(PLACEHOLDER, { url: `https://${HOST}/user` });
    await expect(unseal({ [PLACEHOLDER]: 'GH_TOKEN' }, elsewhere)).rejects.toThrow(
      'not under /user; write pathPrefixes: ["/repos","/user"] under secrets.GH_TOKEN in the metadata',
    );
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
  const encoded = [...PLACEHOLDER].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('');
  const attempt = (url: string, change: Partial<Outgoing> = {}) =>
    unseal({ [PLACEHOLDER]: 'GH_TOKEN' }, requestWith('x', { ...change, url }));

  it.each([
    ['path', `https://${HOST}/repos/${PLACEHOLDER}/x`],
    ['host, which loses its capitals', `https://${PLACEHOLDER.toUpperCase()}.x.example/`],
    ['fragment', `https://${HOST}/repos#${PLACEHOLDER}`],
    ['user name', `https://${PLACEHOLDER}@${HOST}/repos`],
    ['name of a parameter', `https://${HOST}/repos?${PLACEHOLDER}=1`],
    ['query, percent-encoded', `https://${HOST}/repos?a=${encoded}`],
    ['query, percent-encoded twice', `https://${HOST}/repos?a=${encoded.replaceAll('%', '%25')}`],
    ['query in capitals', `https://${HOST}/repos?a=${PLACEHOLDER.toUpperCase()}`],
  ])('is found in the %s', async (_where, url) => {
    await expect(attempt(url)).rejects.toThrow('GH_TOKEN stands in the address of a GET request');
  });

  it.each([
    ['a body of no known type', 'text/plain', `b${PLACEHOLDER}`],
    ['the name of a field', 'application/json', `{"${PLACEHOLDER}":1}`],
    ['JSON that is none', 'application/json', `{"a":"${PLACEHOLDER}`],
    ['the name of a form’s field', 'application/x-www-form-urlencoded', `${PLACEHOLDER}=1`],
    ['a multipart body', 'multipart/form-data; boundary=x', `--x\r\n\r\n${PLACEHOLDER}`],
  ])('is found in %s', async (_where, type, body) => {
    const change = { method: 'POST', headers: [['content-type', type]] as [string, string][], body: Buffer.from(body) };
    await expect(attempt(`https://${HOST}/repos`, change)).rejects.toThrow('GH_TOKEN stands in the body');
  });

  it('is found in the name of a header', async () => {
    const headers: [string, string][] = [[`x-${PLACEHOLDER.toUpperCase()}`, 'x']];
    await expect(attempt(`https://${HOST}/repos`, { headers })).rejects.toThrow('stands in the name of a header');
  });

  it('is refused in a slot that its binding does not name, with the line to write', async () => {
    await expect(attempt(`https://${HOST}/repos?token=${PLACEHOLDER}`)).rejects.toThrow(
      'write slots: ["query"] under secrets.GH_TOKEN',
    );
    const basic = `Basic ${Buffer.from(`me:${PLACEHOLDER}`).toString('base64')}`;
    await expect(attempt(`https://${HOST}/repos`, { headers: [['authorization', basic]] })).rejects.toThrow(
      'Basic credentials is none of its slots',
    );
  });
});

describe('slots', () => {
  const value = 'a/b "c" &d=é';
  const wide = grantFor([HOST], {
    secrets: { ODD: bindTo([HOST], { slots: ['header', 'basic', 'query', 'body'] }) },
  });
  const fill = (change: Parameters<typeof requestWith>[1]) =>
    new Seal({ [PLACEHOLDER]: 'ODD' }, wide, new MemoryStore({ ODD: value }), NO_MINTER).unseal(
      requestWith('x', { method: 'POST', headers: [], ...change }),
      new Set(),
    );

  it('fills a parameter, so that it arrives as it is', async () => {
    const { url } = await fill({ url: `https://${HOST}/?a=1&token=x${PLACEHOLDER}&b=%20` });
    expect(url.searchParams.get('token')).toBe(`x${value}`);
    expect(url.search).toContain('&b=%20');
  });

  it('fills texts of a JSON body', async () => {
    const headers: [string, string][] = [['Content-Type', 'application/vnd.api+json; charset=utf-8']];
    const { body } = await fill({ headers, body: Buffer.from(`{"n": 1e400, "deep": [{"a": "x ${PLACEHOLDER}"}]}`) });
    expect(Buffer.from(body).toString()).toContain('1e400');
    expect(JSON.parse(Buffer.from(body).toString()).deep[0].a).toBe(`x ${value}`);
  });

  it('fills fields of a form', async () => {
    const headers: [string, string][] = [['content-type', 'application/x-www-form-urlencoded']];
    const { body } = await fill({ headers, body: Buffer.from(`a=1&token=${PLACEHOLDER}`) });
    expect(new URLSearchParams(Buffer.from(body).toString()).get('token')).toBe(value);
  });

  it('fills Basic credentials, as the user too', async () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const { headers } = await fill({ headers: [['Authorization', basic(`${PLACEHOLDER}:x-oauth-basic`)]] });
    expect(headers).toEqual([['Authorization', basic(`${value}:x-oauth-basic`)]]);
  });
});
