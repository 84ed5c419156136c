import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import type { Mint } from '@fingerpost/contracts';
import { Secret } from '@fingerpost/platform';
import { importSPKI, jwtVerify } from 'jose';
import { Seal } from '../seal/unseal-request.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import { WaysOut } from '../testing/ways-out.ts';
import { bindTo, grantFor, PLACEHOLDER } from '../testing/world.ts';
import { askIssuer } from './ask-issuer.ts';
import type { TokenRequest } from './issuer.ts';
import { Minter } from './minter.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PKCS1 = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const SPKI = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const TOKEN = 'ghs_minted_token_of_an_installation';
const MINT: Mint = { from: 'github-app', permissions: { deployments: 'read' }, repositories: ['webshop'] };

let github: Upstream;
let away: Upstream;
let ways: WaysOut;
let answer: (nth: number) => { status?: number; location?: string; body: object | string };

beforeAll(async () => {
  github = await startUpstream(({ url, headers }, response) => {
    if (url.endsWith('/away')) return void response.writeHead(302, { location: away.url }).end();
    if (url === '/api/v3/repos/revoked') return void response.writeHead(401).end();
    if (url.startsWith('/api/v3/repos')) return void response.end(`you sent ${headers.authorization}`);
    const minted = github.hits.filter((hit) => hit.url.includes('access_tokens')).length;
    const { status = 201, location, body } = answer(minted);
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  away = await startUpstream((_hit, response) => void response.end('got it'));
  ways = new WaysOut([github.host, away.host]);
});

afterAll(async () => {
  await Promise.all([github.close(), away.close()]);
  await ways.close();
});

beforeEach(() => {
  github.hits.length = away.hits.length = 0;
  answer = () => ({ body: { token: TOKEN, expires_at: new Date(Date.now() + 3_600_000).toISOString() } });
});

const jwk = () => JSON.stringify(privateKey.export({ format: 'jwk' }));

const keyFor = (change: object = {}) =>
  JSON.stringify({ appId: 42, installationId: 7, privateKey: PKCS1, api: `${github.url}/api/v3`, ...change });

const grantOf = (hosts = [github.host], mint: Mint | undefined = MINT) =>
  grantFor(hosts, { secrets: { GH_APP: { ...bindTo(hosts), mint } } });

/** One call with the placeholder in its header, as a run makes it. */
function call(url: string, { key = keyFor(), grant = grantOf(), minter = new Minter(askIssuer(ways)) } = {}) {
  const seal = new Seal({ [PLACEHOLDER]: 'GH_APP' }, grant, new MemoryStore({ GH_APP: key }), minter);
  return ways.call(grant, url, { headers: [['authorization', `Bearer ${PLACEHOLDER}`]], seal });
}

const minted = () => github.hits.filter(({ url }) => url.includes('access_tokens'));
const faultOf = (call: Promise<unknown>) =>
  call.then(
    () => ({ code: 'ok', message: '' }),
    (error) => error,
  );

describe('a token of a GitHub App', () => {
  it('is asked for with the app’s signature, for no more than the binding names, and goes where the placeholder stood', async () => {
    const { body } = await call(`${github.url}/api/v3/repos/acme/webshop`);
    const [asked] = minted();
    expect(asked).toMatchObject({ method: 'POST', url: '/api/v3/app/installations/7/access_tokens' });
    expect(JSON.parse(asked!.body)).toEqual({ permissions: { deployments: 'read' }, repositories: ['webshop'] });
    const jwt = asked!.headers.authorization!.replace('Bearer ', '');
    const { payload } = await jwtVerify(jwt, await importSPKI(SPKI, 'RS256'), { algorithms: ['RS256'] });
    expect(payload.iss).toBe('42');
    expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(600);
    expect(github.hits.at(-1)!.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(body).toBe('you sent Bearer [redacted]');
  });

  it('serves until shortly before it runs out, and many at once ask for it once', async () => {
    let now = Date.now();
    const minter = new Minter(askIssuer(ways), () => now);
    const url = `${github.url}/api/v3/repos`;
    await Promise.all(Array.from({ length: 10 }, () => call(url, { minter })));
    expect(minted()).toHaveLength(1);
    now += 3_400_000;
    await call(url, { minter });
    expect(minted()).toHaveLength(1);
    now += 100_000;
    await call(url, { minter });
    expect(minted()).toHaveLength(2);
  });

  it('is asked for anew after its host has refused it, but not again and again', async () => {
    let now = Date.now();
    const minter = new Minter(askIssuer(ways), () => now);
    const refused = () => call(`${github.url}/api/v3/repos/revoked`, { minter });
    await refused();
    await refused(); // a new one is no better
    expect(minted()).toHaveLength(1);
    now += 120_000;
    await refused();
    await call(`${github.url}/api/v3/repos`, { minter });
    await refused();
    expect(minted()).toHaveLength(2);
  });

  it('is another one for another key and for other terms', async () => {
    const minter = new Minter(askIssuer(ways));
    const url = `${github.url}/api/v3/repos`;
    await call(url, { minter });
    await call(url, { minter, key: keyFor({ installationId: 8 }) });
    await call(url, { minter, grant: grantOf([github.host], { from: 'github-app', permissions: { issues: 'read' } }) });
    expect(minted()).toHaveLength(3);
  });

  it('that could not be had is asked for again by the next call', async () => {
    const minter = new Minter(askIssuer(ways));
    answer = (nth) => (nth === 1 ? { status: 500, body: {} } : { body: { token: TOKEN, expires_at: 'never' } });
    const url = `${github.url}/api/v3/repos`;
    expect(await faultOf(call(url, { minter }))).toMatchObject({ code: 'secret.not_minted' });
    await call(url, { minter });
    await call(url, { minter }); // of a token without an end nobody knows how long it is good
    expect(minted()).toHaveLength(3);
  });

  it.each([
    ['401', () => ({ status: 401, body: { message: 'bad' } }), 'the private key or the app id'],
    ['404', () => ({ status: 404, body: {} }), 'no such installation'],
    ['422', () => ({ status: 422, body: {} }), 'lacks one of the permissions'],
    ['no token', () => ({ body: { token: 'a\r\nx-evil: 1' } }), 'its answer holds none'],
    ['no JSON', () => ({ body: 'null' }), 'its answer holds none'],
  ])('that GitHub refuses with %s is a fault that says what to do', async (_how, refuse, sentence) => {
    answer = refuse;
    expect(await faultOf(call(`${github.url}/api/v3/repos`))).toMatchObject({
      code: 'secret.not_minted',
      message: expect.stringMatching(new RegExp(`GitHub gave no token for the secret GH_APP: .*${sentence}`)),
    });
  });
});

describe('whoever is after the key or its token', () => {
  it('cannot have the token sent anywhere but to its issuer, by binding or by redirect', async () => {
    const wide = grantOf([github.host, away.host]);
    const fault = await faultOf(call(`${away.url}/steal`, { grant: wide }));
    expect(fault).toMatchObject({ code: 'secret.misplaced', message: expect.stringContaining('for GitHub alone') });
    expect([...github.hits, ...away.hits]).toEqual([]);
  });

  it('cannot have it taken along by a redirect of the issuer to another host', async () => {
    const wide = grantOf([github.host, away.host]);
    await call(`${github.url}/api/v3/repos/away`, { grant: wide });
    expect(away.hits.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('cannot have the signature sent on by a redirect of the issuer', async () => {
    answer = () => ({ status: 307, location: `${away.url}/steal`, body: '' });
    expect(await faultOf(call(`${github.url}/api/v3/repos`))).toMatchObject({ code: 'secret.not_minted' });
    expect(away.hits).toEqual([]);
  });

  it.each([
    ['as it is', keyFor],
    ['in base64', () => Buffer.from(keyFor()).toString('base64')],
    ['for PGP', () => '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['in a file of PuTTY’s', () => 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'],
    ['as a JWK', jwk],
    ['as a JWK in base64', () => Buffer.from(jwk()).toString('base64url')],
    ['as a JWK in JSON in JSON', () => JSON.stringify({ key: JSON.stringify({ keys: [JSON.parse(jwk())] }) })],
    ['as a symmetric JWK', () => '{ "k": "c2VjcmV0", "kty": "oct" }'],
  ])('cannot have the key itself sent, by leaving "mint" out: %s', async (_how, keyOf) => {
    const plain = grantFor([away.host], { secrets: { GH_APP: bindTo([away.host]) } });
    const fault = await faultOf(call(`${away.url}/steal`, { grant: plain, key: keyOf() }));
    expect(fault).toMatchObject({ code: 'secret.misplaced', message: expect.stringContaining('private key') });
    expect(away.hits).toEqual([]);
  });

  it('learns nothing of it from a fault', async () => {
    const keys = [
      'ghp_not_a_key_but_a_token',
      '{"appId":1,"privateKey":"ghp_not_a_key',
      '[1]',
      keyFor({ privateKey: 'ghp_not_a_key' }),
      keyFor({ privateKey: undefined }),
      keyFor({ privateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) }),
      keyFor({ appId: 'a b' }),
      keyFor({ installationId: '../../user' }),
      keyFor({ api: 'ghp_not_a_key' }),
    ];
    for (const key of keys) {
      const fault = await faultOf(call(`${github.url}/api/v3/repos`, { key }));
      expect(fault).toMatchObject({ code: 'secret.not_minted', message: expect.stringContaining('set GH_APP') });
      expect(inspect(fault, { depth: 9, showHidden: true })).not.toMatch(/ghp_|MII/);
    }
    expect(github.hits).toEqual([]);
  });

  it('learns nothing from a network that fails, either', async () => {
    const fault = await faultOf(
      call('http://127.0.0.1:1/x', { key: keyFor({ api: 'http://127.0.0.1:1' }), grant: grantOf(['127.0.0.1:1']) }),
    );
    expect(fault.code).toBe('outbound.address_refused');
    const own = new WaysOut([]);
    const error = await faultOf(
      new Minter(askIssuer(own)).token('GH_APP', new Secret(keyFor()), MINT, new URL(`${github.url}/api/v3`)),
    );
    expect(error).toMatchObject({
      code: 'secret.not_minted',
      message: expect.stringContaining('FINGERPOST_OUTBOUND_ALLOW'),
    });
    expect(inspect(error, { depth: 9 })).not.toMatch(/eyJ|BEGIN RSA/);
    await own.close();
  });
});

describe('a token of a Google service account', () => {
  const SCOPES = ['https://www.googleapis.com/auth/monitoring.read', 'https://www.googleapis.com/auth/logging.read'];
  const GOOGLE: Mint = { from: 'google-service-account', scopes: SCOPES };
  const file = (change: object = {}) =>
    new Secret(
      JSON.stringify({
        type: 'service_account',
        client_email: 'bar@acme.iam.gserviceaccount.com',
        private_key_id: 'k1',
        private_key: PKCS8,
        token_uri: 'https://oauth2.googleapis.com/token',
        ...change,
      }),
    );
  const api = new URL('https://monitoring.googleapis.com/v3/projects/acme');

  it('is asked for by an assertion that the account signs', async () => {
    const asked: TokenRequest[] = [];
    const minter = new Minter(async (request) => {
      asked.push(request);
      return { status: 200, body: '{"access_token":"ya29.minted","expires_in":3599,"token_type":"Bearer"}' };
    });
    for (let times = 0; times < 2; times++)
      expect((await minter.token('GOOGLE', file(), GOOGLE, api)).reveal()).toBe('ya29.minted');
    expect(asked).toHaveLength(1);
    expect(asked[0]!.url.href).toBe('https://oauth2.googleapis.com/token');
    const form = new URLSearchParams(asked[0]!.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion')!, await importSPKI(SPKI, 'RS256'), {
      issuer: 'bar@acme.iam.gserviceaccount.com',
      audience: 'https://oauth2.googleapis.com/token',
    });
    expect(payload.scope).toBe(SCOPES.join(' '));
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: 'k1' });
  });

  it.each([
    'https://evil.example/token',
    'https://oauth2.googleapis.com.evil.example/token',
    'https://oauth2.googleapis.com@evil.example/token',
    'http://oauth2.googleapis.com/token',
    'https://oauth2.googleapis.com/token/../../x',
    'https://storage.googleapis.com/a-bucket-of-somebody',
  ])('is never asked for at %s, whatever the key says', async (token_uri) => {
    const asked: TokenRequest[] = [];
    const minter = new Minter(async (request) => {
      asked.push(request);
      return { status: 200, body: '{}' };
    });
    expect(await faultOf(minter.token('GOOGLE', file({ token_uri }), GOOGLE, api))).toMatchObject({
      code: 'secret.not_minted',
      message: expect.stringContaining('"token_uri" must be'),
    });
    expect(asked).toEqual([]);
  });

  it.each([
    'https://evil.example/',
    'https://googleapis.com.evil.example/',
    'https://evilgoogleapis.com/',
    'http://monitoring.googleapis.com/',
  ])('never goes to %s', async (to) => {
    const minter = new Minter(async () => ({ status: 200, body: '{"access_token":"ya29.minted","expires_in":1}' }));
    expect(await faultOf(minter.token('GOOGLE', file(), GOOGLE, new URL(to)))).toMatchObject({
      code: 'secret.misplaced',
    });
  });
});
