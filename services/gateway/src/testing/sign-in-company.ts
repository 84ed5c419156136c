import { type AuditEvent, auditSubjects } from '@fingerpost/contracts';
import { type DevelopmentProvider, startDevelopmentProvider } from '@fingerpost/development-provider';
import { freePort } from '@fingerpost/platform/testing';
import { Browser, type Page } from './browser.ts';
import { type FakeCompany, type FakeIntegration, startCompany } from './fake-services.ts';

export const SECRET = 'the secret of the client';

/** A gateway at whose door people sign in with a real provider: Ada, who administers, and Ben, who does not. */
export interface SignInCompany extends FakeCompany {
  origin: string;
  provider: DevelopmentProvider;
  /** what the audit trail was told */
  audit: AuditEvent[];
  /** begins at `/sign-in`, chooses, and is where that leads to */
  signIn(who: string, browser?: Browser, returnTo?: string): Promise<{ browser: Browser; page: Page }>;
}

export async function startSignInCompany(
  env: NodeJS.ProcessEnv = {},
  integrations: FakeIntegration[] = [],
  options: Parameters<typeof startCompany>[2] = {},
): Promise<SignInCompany> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const client = { id: 'fingerpost', secret: SECRET, origin, name: 'company' };
  const provider = await startDevelopmentProvider({ port: 0, clients: [client] });
  const company = await startCompany(
    integrations,
    { PORT: String(port), FINGERPOST_OIDC: 'company', ...providerEnv('COMPANY', provider.issuer), ...env },
    options,
  );
  const { close } = company;
  const audit: AuditEvent[] = [];
  company.bus.consume(auditSubjects.anyEvent, 'registry', async (event) => void audit.push(event as AuditEvent));
  return Object.assign(company, {
    origin,
    provider,
    audit,
    signIn: async (who: string, browser = new Browser(), returnTo = '/config') => {
      const chosen = await choose(browser, `${origin}/sign-in/company?return_to=${encodeURIComponent(returnTo)}`, who);
      return { browser, page: chosen };
    },
    close: async () => {
      await close();
      await provider.close();
    },
  });
}

export async function choose(browser: Browser, url: string, who: string): Promise<Page> {
  const page = await browser.open(url);
  const action = /<form method="post" action="(\/interaction\/[^"]+)"/.exec(page.text)?.[1];
  return action === undefined ? page : await browser.send(page, action, { sub: who });
}

export const providerEnv = (name: string, issuer: string) => ({
  [`FINGERPOST_OIDC_${name}_ISSUER`]: issuer,
  [`FINGERPOST_OIDC_${name}_CLIENT_ID`]: 'fingerpost',
  [`FINGERPOST_OIDC_${name}_CLIENT_SECRET`]: SECRET,
  [`FINGERPOST_OIDC_${name}_ADMINS`]: 'platform',
  [`FINGERPOST_OIDC_${name}_AUTHORS`]: 'engineers',
});
