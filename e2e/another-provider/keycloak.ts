/** Keycloak as it is published (Maven: `org.keycloak:keycloak-quarkus-dist`, unpacked), in development mode on an empty database: a realm, its people, and us as a client of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type RealServer, startServer } from '@fingerpost/platform/testing';

export const SECRET = 'a secret of the client at Keycloak';
export const PASSWORD = 'correct horse battery staple';
const ADMIN = { username: 'root', password: 'the administrator of Keycloak' };
const REALM = 'acme';

export class Keycloak {
  private constructor(
    readonly port: number,
    private readonly server: RealServer,
  ) {}

  /** @param program its `kc.sh` */
  static async start(program: string, port: number): Promise<Keycloak> {
    const options = ['--db=dev-mem', '--http-host=127.0.0.1', `--http-port=${port}`, '--log-level=warn'];
    const server = await startServer(program, () => ['start-dev', ...options], port, {
      KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
      KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
      KC_HTTP_MANAGEMENT_PORT: String(await freePort()),
    });
    return new Keycloak(port, server);
  }

  static issuerAt = (port: number): string => `http://localhost:${port}/realms/${REALM}`;

  stop = (): Promise<void> => this.server.stop();

  /** @param origin where Fingerpost is */
  async openRealm(origin: string): Promise<void> {
    await this.admin('POST', '', realmFor(origin));
  }

  /** Ends all of somebody's sessions, as an administrator there does. */
  async logOut(username: string): Promise<void> {
    const [{ id }] = await this.admin<[{ id: string }]>('GET', `/${REALM}/users?username=${username}&exact=true`);
    await this.admin('POST', `/${REALM}/users/${id}/logout`, {});
  }

  /** Another signing key in place of the one that there is. */
  async rotateKeys(): Promise<void> {
    const type = 'org.keycloak.keys.KeyProvider';
    const keys = await this.admin<KeyProvider[]>('GET', `/${REALM}/components?type=${type}`);
    const former = keys.find(({ providerId }) => providerId === 'rsa-generated')!;
    const { id, ...kind } = former;
    await this.admin('POST', `/${REALM}/components`, { ...kind, name: 'another', config: { priority: ['200'] } });
    await this.admin('DELETE', `/${REALM}/components/${id}`);
  }

  private async admin<Reply>(method: string, path: string, body?: object): Promise<Reply> {
    const headers = { authorization: `Bearer ${await this.token()}`, 'content-type': 'application/json' };
    const url = `http://localhost:${this.port}/admin/realms${path}`;
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Reply;
  }

  // Its administrator is there a moment after its door is open.
  private async token(): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...ADMIN });
    for (let tries = 0; tries < 60; tries++, await sleep(500)) {
      const url = `http://localhost:${this.port}/realms/master/protocol/openid-connect/token`;
      const response = await fetch(url, { method: 'POST', body }).catch(() => undefined);
      if (response?.ok === true) return ((await response.json()) as { access_token: string }).access_token;
    }
    throw new Error('Keycloak does not let its administrator in');
  }
}

interface KeyProvider {
  id: string;
  providerId: string;
}

const realmFor = (origin: string) => ({
  realm: REALM,
  enabled: true,
  sslRequired: 'none',
  groups: [{ name: 'platform' }, { name: 'engineers' }],
  users: [
    personOf('anna', 'Anna', 'Adler', ['/platform', '/engineers']),
    personOf('bruno', 'Bruno', 'Brandt', ['/engineers']),
  ],
  clients: [
    {
      clientId: 'fingerpost',
      secret: SECRET,
      redirectUris: [`${origin}/sign-in/keycloak/callback`],
      attributes: {
        'post.logout.redirect.uris': `${origin}/signed-out`,
        'backchannel.logout.url': `${origin}/sign-in/keycloak/back-channel-logout`,
        'backchannel.logout.session.required': 'true',
        'pkce.code.challenge.method': 'S256',
      },
      protocolMappers: [
        {
          name: 'groups',
          protocol: 'openid-connect',
          protocolMapper: 'oidc-group-membership-mapper',
          config: { 'claim.name': 'groups', 'full.path': 'false', 'id.token.claim': 'true' },
        },
      ],
    },
  ],
});

const personOf = (username: string, firstName: string, lastName: string, groups: string[]) => ({
  ...{ username, firstName, lastName, groups, enabled: true },
  ...{ email: `${username}@example.com`, emailVerified: true },
  credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
});
