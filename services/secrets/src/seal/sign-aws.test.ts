import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { MemoryStore } from '../store/memory-store.ts';
import { NO_MINTER } from '../testing/no-minter.ts';
import { bindTo, grantFor } from '../testing/world.ts';
import type { Outgoing } from './slots.ts';
import { Seal } from './unseal-request.ts';

const ID = 'fpaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const KEY = 'fpbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const TOKEN = 'fpcccccccccccccccccccccccccccccccc';
const REAL = {
  AWS_ACCESS_KEY_ID: 'AKIAREAL',
  AWS_SECRET_ACCESS_KEY: 'real/secret+key',
  AWS_SESSION_TOKEN: 'real-token',
};
const { AWS_SESSION_TOKEN: _, ...PAIR } = REAL;
const HOSTS = ['lambda.*.amazonaws.com', 's3.*.amazonaws.com', '*.s3.*.amazonaws.com'];
const grant = grantFor(HOSTS, {
  secrets: Object.fromEntries(
    Object.keys(REAL).map((name) => [name, bindTo(HOSTS, { methods: ['GET', 'POST', 'PUT'] })]),
  ),
});
const seal = (secrets: Partial<typeof REAL> = REAL, of = grant) =>
  new Seal(
    { [ID]: 'AWS_ACCESS_KEY_ID', [KEY]: 'AWS_SECRET_ACCESS_KEY', [TOKEN]: 'AWS_SESSION_TOKEN' },
    of,
    new MemoryStore(secrets as Record<string, string>),
    NO_MINTER,
  );

/** As an SDK in the sandbox makes it: signed with placeholders. */
async function signedInside(
  address: string,
  { method = 'GET', service = 'lambda', body = '', headers = {}, presign = false, token = false } = {},
): Promise<Outgoing> {
  const url = new URL(address);
  const signer = new SignatureV4({
    credentials: { accessKeyId: ID, secretAccessKey: KEY, ...(token && { sessionToken: TOKEN }) },
    region: 'eu-west-1',
    service,
    sha256: FakeSha256,
    uriEscapePath: service !== 's3',
  });
  const request = {
    method,
    protocol: 'https:',
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, ...headers },
    body: body === '' ? undefined : body,
  };
  const signed = presign ? await signer.presign(request, { expiresIn: 60 }) : await signer.sign(request);
  if (presign)
    for (const [name, value] of Object.entries(signed.query ?? {})) url.searchParams.set(name, String(value));
  return {
    method,
    url,
    headers: Object.entries(signed.headers).filter(([name]) => name !== 'host'),
    body: Buffer.from(body),
  };
}

/** The signature by the letter of AWS's description, with nothing of the library's. */
function expectedSignature({ method, url, headers, body }: Outgoing, service: string, isPresigned = false): string {
  const all = new Map([
    ...headers.map(([name, value]) => [name.toLowerCase(), value.trim()] as const),
    ['host', url.host] as const,
  ]);
  const parameter = (name: string) => url.searchParams.get(name)!;
  const authorization = all.get('authorization') ?? '';
  const signedHeaders = isPresigned
    ? parameter('X-Amz-SignedHeaders')
    : /SignedHeaders=([^,]+)/.exec(authorization)![1]!;
  const date = isPresigned ? parameter('X-Amz-Date') : all.get('x-amz-date')!;
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const path = service === 's3' ? url.pathname : url.pathname.split('/').map(encode).join('/');
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const sha = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
  const payload = isPresigned && service === 's3' ? 'UNSIGNED-PAYLOAD' : (all.get('x-amz-content-sha256') ?? sha(body));
  const canonical = [
    method,
    path,
    query,
    ...signedHeaders.split(';').map((name) => `${name}:${all.get(name)}`),
    '',
    signedHeaders,
    payload,
  ].join('\n');
  const scope = `${date.slice(0, 8)}/eu-west-1/${service}/aws4_request`;
  const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
  const key = ['eu-west-1', service, 'aws4_request'].reduce(
    hmac,
    hmac(`AWS4${REAL.AWS_SECRET_ACCESS_KEY}`, date.slice(0, 8)),
  );
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha(canonical)].join('\n')).toString('hex');
}

const signatureIn = ({ headers }: Outgoing) =>
  /Signature=([0-9a-f]{64})/.exec(new Headers(headers.map(([n, v]) => [n, v])).get('authorization')!)![1];

describe('signing again', () => {
  it.each([
    ['a GET', 'https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/a%20b?MaxItems=5&Marker=x%2Fy', {}],
    [
      'a POST with a body',
      'https://lambda.eu-west-1.amazonaws.com/',
      { method: 'POST', body: '{"a":"é"}', headers: { 'content-type': 'application/json' } },
    ],
    ['a path for S3', 'https://s3.eu-west-1.amazonaws.com/bucket/a%20b/c', { service: 's3' }],
    ['a bucket', 'https://logs.s3.eu-west-1.amazonaws.com/k?list-type=2&prefix=a%2Fb', { service: 's3' }],
    [
      'an unsigned payload',
      'https://s3.eu-west-1.amazonaws.com/bucket/k',
      { service: 's3', method: 'PUT', body: 'x', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
    ],
  ])('%s gets the signature of the real pair', async (_what, address, options) => {
    const inside = await signedInside(address, options);
    const out = await seal(PAIR).unseal(inside, new Set());
    expect(signatureIn(out)).toBe(expectedSignature(out, (options as { service?: string }).service ?? 'lambda'));
    const text = JSON.stringify([out.url.href, out.headers]);
    expect(text).toContain('Credential=AKIAREAL/');
    for (const hidden of [ID, KEY, REAL.AWS_SECRET_ACCESS_KEY]) expect(text).not.toContain(hidden);
  });

  it('puts the real session token in', async () => {
    const out = await seal().unseal(
      await signedInside('https://lambda.eu-west-1.amazonaws.com/', { token: true }),
      new Set(),
    );
    expect(Object.fromEntries(out.headers)['x-amz-security-token']).toBe('real-token');
    expect(signatureIn(out)).toBe(expectedSignature(out, 'lambda'));
  });

  it('signs a presigned address again', async () => {
    const inside = await signedInside('https://s3.eu-west-1.amazonaws.com/bucket/a%20b?versionId=1', {
      service: 's3',
      presign: true,
    });
    const out = await seal(PAIR).unseal(inside, new Set());
    expect(out.url.searchParams.get('X-Amz-Credential')).toMatch(/^AKIAREAL\//);
    expect(out.url.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(out.url.searchParams.get('X-Amz-Signature')).toBe(expectedSignature(out, 's3', true));
    expect(out.url.href).not.toContain(ID);
  });
});

describe('a key pair', () => {
  const plain = (headers: [string, string][], url = 'https://lambda.eu-west-1.amazonaws.com/') =>
    seal().unseal({ method: 'GET', url: new URL(url), headers, body: new Uint8Array() }, new Set());

  it('never travels itself', async () => {
    await expect(plain([['x-key', KEY]])).rejects.toThrow('it only signs requests');
  });

  it.each([
    ['another host', 'https://lambda.eu-west-1.amazonaws.com.evil.dev/'],
    ['what only looks like a region', 'https://lambda.evil.amazonaws.com/'],
    ['another service', 'https://iam.eu-west-1.amazonaws.com/'],
    ['another port', 'https://lambda.eu-west-1.amazonaws.com:8443/'],
  ])('signs nothing for %s', async (_where, address) => {
    await expect(seal().unseal(await signedInside(address), new Set())).rejects.toMatchObject({
      code: 'secret.misplaced',
    });
  });

  it('signs nothing that its binding does not allow', async () => {
    const inside = await signedInside('https://lambda.eu-west-1.amazonaws.com/', { method: 'DELETE' });
    await expect(seal().unseal(inside, new Set())).rejects.toThrow('not with DELETE');
  });

  it('must be named as a pair', async () => {
    const alone = grantFor(HOSTS, { secrets: { AWS_ACCESS_KEY_ID: bindTo(HOSTS) } });
    const inside = await signedInside('https://lambda.eu-west-1.amazonaws.com/');
    await expect(
      new Seal({ [ID]: 'AWS_ACCESS_KEY_ID' }, alone, new MemoryStore(REAL), NO_MINTER).unseal(inside, new Set()),
    ).rejects.toThrow('which secret belongs to it');
  });

  it('lends no value to a bucket, which may be anybody’s', async () => {
    const grant = grantFor(HOSTS, { secrets: { GH_TOKEN: bindTo(HOSTS) } });
    const request = {
      method: 'GET',
      url: new URL('https://evil.s3.eu-west-1.amazonaws.com/'),
      headers: [['x', ID]] as [string, string][],
      body: new Uint8Array(),
    };
    await expect(
      new Seal({ [ID]: 'GH_TOKEN' }, grant, new MemoryStore({ GH_TOKEN: 'v' }), NO_MINTER).unseal(request, new Set()),
    ).rejects.toThrow('anybody');
  });

  it('cannot sign again what was signed by SigV4A', async () => {
    await expect(
      plain([
        [
          'authorization',
          `AWS4-ECDSA-P256-SHA256 Credential=${ID}/20260101/s3/aws4_request, SignedHeaders=host, Signature=x`,
        ],
      ]),
    ).rejects.toThrow('SigV4A');
  });
});

class FakeSha256 {
  private readonly hash;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as Uint8Array);
  }
  update(data: Uint8Array) {
    this.hash.update(data);
  }
  async digest() {
    return this.hash.digest();
  }
  reset() {}
}
