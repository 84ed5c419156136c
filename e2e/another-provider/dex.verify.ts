// A provider of another make: Dex, with a person and a password. `npm run verify -- another-provider`, where the program `dex` is on the PATH.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer, freePort, type RealServer, startServer } from '@fingerpost/platform/testing';
import { Browser } from '../../services/gateway/src/testing/browser.ts';
import { type SignInCompany, startSignInCompany } from '../../services/gateway/src/testing/sign-in-company.ts';

const dex = findServer('dex');
/** bcrypt of "password" */
const HASH = '$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W';
const SECRET = 'a secret of the client at Dex';

(dex === undefined ? describe.skip : describe)('signing in at Dex', () => {
  let folder: string;
  let server: RealServer;
  let company: SignInCompany;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-dex-'));
    const [port, own] = [await freePort(), await freePort()];
    const issuer = `http://localhost:${port}/dex`;
    const origin = `http://localhost:${own}`;
    await writeFile(join(folder, 'dex.yaml'), configuration(issuer, port, origin));
    server = await startServer(dex!, () => ['serve', join(folder, 'dex.yaml')], port);
    company = await startSignInCompany({
      PORT: String(own),
      FINGERPOST_URL: origin,
      FINGERPOST_OIDC: 'company,dex',
      FINGERPOST_OIDC_DEX_ISSUER: issuer,
      FINGERPOST_OIDC_DEX_CLIENT_ID: 'fingerpost',
      FINGERPOST_OIDC_DEX_CLIENT_SECRET: SECRET,
      FINGERPOST_OIDC_DEX_DOMAINS: 'example.com',
      FINGERPOST_OIDC_DEX_ADMINS: 'anna@example.com',
    });
  }, 60_000);
  afterAll(async () => {
    await company?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes a name and a password there, and gives the roles that the settings say here', async () => {
    const browser = new Browser();
    const origin = new URL(company.gateway.url).port;
    const form = await browser.open(`http://localhost:${origin}/sign-in/dex?return_to=/config`);
    const action = /<form method="post" action="([^"]+)"/.exec(form.text)![1]!.replaceAll('&amp;', '&');
    const page = await browser.send(form, action, { login: 'anna@example.com', password: 'password' });
    expect(page.url).toBe(`http://localhost:${origin}/config`);
    expect(page.response.status).toBe(200);
    const account = await (await browser.script(`http://localhost:${origin}/account`)).json();
    expect(account).toMatchObject({ email: 'anna@example.com', provider: 'dex', roles: ['viewer', 'admin'] });
  });
});

const configuration = (issuer: string, port: number, origin: string) => `
issuer: ${issuer}
storage: { type: memory }
web: { http: 127.0.0.1:${port} }
oauth2: { skipApprovalScreen: true }
enablePasswordDB: true
staticPasswords:
  - { email: anna@example.com, hash: "${HASH}", username: anna, userID: 08a8684b-db88-4b73-90a9-3cd1661f5466 }
staticClients:
  - { id: fingerpost, name: Fingerpost, secret: "${SECRET}", redirectURIs: ["${origin}/sign-in/dex/callback"] }
`;
