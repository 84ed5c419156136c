import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Claims = Record<string, unknown>;

/** What is wrong with what it says next; nothing, where it is not told. */
export interface Trick {
  claims?: Claims;
  header?: Claims;
  /** how the ID token is signed; by its key unless it says otherwise */
  signature?: 'other key' | 'none' | 'client secret' | 'public key as secret' | 'cut off';
  /** what the browser brings back */
  callback?: (url: URL) => void;
  token?: Claims;
  tokenStatus?: number;
  userinfo?: Claims;
}

export const HOSTILE_SECRET = 'a secret that the hostile provider knows';

/** A provider that follows the protocol exactly, but for the trick that a test has it play. */
export class HostileProvider {
  trick: Trick = {};
  /** of the sign-in that was begun last */
  asked = new URLSearchParams();
  private key = makeKey();
  private readonly other = makeKey();
  private readonly codes = new Map<string, URLSearchParams>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<HostileProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const provider = new HostileProvider(server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (bytes) => (body += bytes));
      request.on('end', () => {
        const { status, json, location } = provider.answer(new URL(request.url!, provider.issuer), body);
        response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) });
        response.end(JSON.stringify(json ?? {}));
      });
    });
    return provider;
  }

  get issuer(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  rotateKeys(): void {
    this.key = makeKey();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** A logout token, or what is to pass for one. */
  logoutToken(trick: Trick = {}): string {
    const at = Math.floor(Date.now() / 1_000);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const claims = {
      iss: this.issuer,
      aud: 'fingerpost',
      iat: at,
      exp: at + 120,
      jti: randomUUID(),
      sub: 'eve',
      events,
    };
    return this.sealed({ ...claims, ...trick.claims }, { typ: 'logout+jwt', ...trick.header }, trick.signature);
  }

  private answer(url: URL, body: string): { status: number; json?: Claims; location?: string } {
    if (url.pathname === '/.well-known/openid-configuration') return { status: 200, json: this.metadata() };
    if (url.pathname === '/jwks') return { status: 200, json: { keys: [this.key.jwk] } };
    if (url.pathname === '/authorize') return { status: 303, location: this.authorize(url.searchParams) };
    if (url.pathname === '/token') return this.token(new URLSearchParams(body));
    if (url.pathname === '/userinfo') return { status: 200, json: { sub: 'eve', ...this.trick.userinfo } };
    return { status: 404 };
  }

  private metadata(): Claims {
    const at = (path: string) => `${this.issuer}/${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
      userinfo_endpoint: at('userinfo'),
      jwks_uri: at('jwks'),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  private authorize(asked: URLSearchParams): string {
    this.asked = asked;
    const code = randomUUID();
    this.codes.set(code, asked);
    const back = new URL(asked.get('redirect_uri')!);
    back.search = new URLSearchParams({ code, state: asked.get('state')!, iss: this.issuer }).toString();
    this.trick.callback?.(back);
    return back.href;
  }

  private token(body: URLSearchParams): { status: number; json: Claims } {
    const asked = this.codes.get(body.get('code') ?? '');
    const at = Math.floor(Date.now() / 1_000);
    const claims = {
      ...{ iss: this.issuer, aud: 'fingerpost', sub: 'eve', iat: at, exp: at + 300, nonce: asked?.get('nonce') },
      ...{ email: 'eve@example.com', email_verified: true, groups: ['engineers'], sid: 'their session' },
    };
    const { tokenStatus = 200, token, header, signature } = this.trick;
    const idToken = this.sealed(withoutAbsent({ ...claims, ...this.trick.claims }), header, signature);
    return {
      status: tokenStatus,
      json: withoutAbsent({ access_token: 'theirs', token_type: 'Bearer', id_token: idToken, ...token }),
    };
  }

  private sealed(claims: Claims, header: Claims = {}, how?: Trick['signature']): string {
    const symmetric = how === 'client secret' || how === 'public key as secret';
    const alg = how === 'none' ? 'none' : symmetric ? 'HS256' : 'RS256';
    const text = [{ alg, kid: this.key.jwk.kid, typ: 'JWT', ...header }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${this.signatureOf(text, how)}`;
  }

  private signatureOf(text: string, how: Trick['signature']): string {
    if (how === 'none' || how === 'cut off') return '';
    if (how === 'client secret') return createHmac('sha256', HOSTILE_SECRET).update(text).digest('base64url');
    if (how === 'public key as secret') return createHmac('sha256', this.key.pem).update(text).digest('base64url');
    const key = how === 'other key' ? this.other : this.key;
    return sign('sha256', Buffer.from(text), key.privateKey).toString('base64url');
  }
}

function makeKey(): { privateKey: KeyObject; pem: string; jwk: Claims & { kid: string } } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const publicKey = createPublicKey(privateKey);
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }) as string, jwk };
}

const withoutAbsent = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
