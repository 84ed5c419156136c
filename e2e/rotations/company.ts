import { setTimeout as sleep } from 'node:timers/promises';
import { type DevelopmentProvider, startDevelopmentProvider } from '@fingerpost/development-provider';
import type { Cluster } from '@fingerpost/local';
import { isCutOff } from '../cluster/rows.ts';
import { Person } from '../person.ts';
import { withSettings } from './with-settings.ts';

const ID = 'fingerpost';
const OLD = 'the secret of the client';
const NEW = 'the secret that follows it';

/** A real provider at which a company's people sign in to a cluster, and the secret that gateways have there. */
export class Company {
  private constructor(
    private readonly provider: DevelopmentProvider,
    private readonly origin: string,
  ) {}

  static async start(port: number): Promise<Company> {
    const origin = `http://localhost:${port}`;
    const client = { id: ID, secret: OLD, origin, name: 'company' };
    return new Company(await startDevelopmentProvider({ port: 0, clients: [client] }), origin);
  }

  close(): Promise<void> {
    return this.provider.close();
  }

  /** what gateways need to know of it */
  get env(): NodeJS.ProcessEnv {
    return {
      FINGERPOST_OIDC: 'company',
      FINGERPOST_OIDC_COMPANY_ISSUER: this.provider.issuer,
      FINGERPOST_OIDC_COMPANY_CLIENT_ID: ID,
      FINGERPOST_OIDC_COMPANY_CLIENT_SECRET: OLD,
    };
  }

  /** In turn: both are believed until every gateway says the new one. */
  async newSecret(cluster: Cluster): Promise<void> {
    this.provider.believe(OLD, NEW);
    const settings = { FINGERPOST_OIDC_COMPANY_CLIENT_SECRET: NEW };
    await cluster.restart(cluster.named('gateway'), withSettings(settings));
    this.provider.believe(NEW);
    const said = await Promise.all([OLD, NEW].map((secret) => this.saysTo(secret)));
    expect(said).toEqual(['invalid_client', 'invalid_grant']);
  }

  /** People sign in one after another until the work is done, and once more: nobody is turned away, but cut off with a gateway's connection. */
  async whileSigningIn(work: () => Promise<unknown>): Promise<void> {
    const seen = new Set<string>();
    let isOver = false;
    const signIn = () =>
      new Person('ben').open(`${this.origin}/sign-in/company?return_to=/whoami`).then(
        ({ html }) => seen.add(html.includes('ben@example.com') ? 'signed in' : html),
        ({ message, cause }: Error) => isCutOff(`${message} ${cause}`) || seen.add(`${message} ${cause}`),
      );
    const going = (async () => {
      while (!isOver) await signIn().then(() => sleep(200));
    })();
    await work().finally(() => (isOver = true));
    await going;
    await signIn();
    expect(seen).toEqual(new Set(['signed in']));
  }

  /** What somebody is told who has that secret and no code. */
  private async saysTo(secret: string): Promise<string> {
    const response = await fetch(`${this.provider.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${ID}:${encodeURIComponent(secret)}`)}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code: 'none', redirect_uri: this.origin }),
    });
    return ((await response.json()) as { error: string }).error;
  }
}
