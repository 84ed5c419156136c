import { checkSecrets } from './check-secrets.ts';
import { Faults } from './faults.ts';

const check = (secrets: unknown, hosts: unknown = ['api.acme.dev']) => {
  const faults = new Faults();
  return { terms: checkSecrets(secrets, hosts, faults), faults: faults.all };
};
const faultsOf = (terms: object, hosts?: unknown) => check({ TOKEN: terms }, hosts).faults;

describe('what an author says of a secret', () => {
  it('is taken as it is', () => {
    const terms = { hosts: ['api.acme.dev'], methods: ['GET'], pathPrefixes: ['/api'], slots: ['query'] };
    expect(check({ TOKEN: terms })).toEqual({ terms: { TOKEN: terms }, faults: [] });
  });
});

describe('a binding as wide as an author might write it', () => {
  it.each([
    [{ hosts: ['*'] }, 'hosts[0]: "*" is too wide: others may own names under it. Name each host'],
    [{ hosts: ['*.acme.dev'] }, '"*.acme.dev" is too wide'],
    [{ hosts: ['*.amazonaws.com'] }, '"*.amazonaws.com" is too wide'],
    [{ hosts: ['evil.example'] }, 'names evil.example, which is not among the hosts of the integration'],
    [{ methods: ['*'] }, 'methods: is too wide: name those that the code uses'],
    [{ methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] }, 'methods: is too wide'],
    [{ methods: ['TRACE'] }, 'must be "GET" or'],
    [{ pathPrefixes: ['/*'] }, 'pathPrefixes[0]: is too wide: name the beginnings of the paths'],
    [{ pathPrefixes: ['/api/../admin'] }, 'must be a plain beginning of a path'],
    [{ pathPrefixes: [''] }, 'must be like "/repos"'],
    [{ slots: ['*'] }, 'slots: is too wide: an API takes a credential in one place'],
    [{ slots: ['header', 'basic', 'query', 'body'] }, 'slots: is too wide: an API takes a credential in one place'],
    [{ slots: ['body'] }, 'slots: is too wide: the value could stand in the body of any request'],
    [
      { slots: ['query'], pathPrefixes: ['/'] },
      'slots: is too wide: the value could stand in the query of any request',
    ],
  ])('is told so: %j', (terms, sentence) => {
    expect(faultsOf(terms).join()).toContain(sentence);
  });
});

describe('a value for the code itself', () => {
  it('has no bounds beside it', () => {
    expect(check({ KEY: { reveal: true } })).toEqual({ terms: { KEY: { reveal: true } }, faults: [] });
    expect(faultsOf({ reveal: true, pathPrefixes: ['/api'] }).join()).toContain('pathPrefixes: holds nothing');
    expect(faultsOf({ reveal: 'yes' }).join()).toContain('must be true or left out');
    expect(faultsOf({ reveal: false }).join()).toContain('must be true or left out');
  });
});

describe('a token to be minted', () => {
  const APP = { from: 'github-app', permissions: { deployments: 'read' }, repositories: ['webshop'] };
  const GOOGLE = { from: 'google-service-account', scopes: ['https://www.googleapis.com/auth/monitoring.read'] };

  it('is for what the binding names', () => {
    for (const mint of [APP, GOOGLE])
      expect(check({ KEY: { mint } })).toEqual({ terms: { KEY: { mint } }, faults: [] });
  });

  it.each([
    ['github-app', 'must be like { from: "github-app"'],
    [{ from: 'githubapp' }, 'must be "github-app" or "google-service-account"'],
    [{ from: 'github-app' }, 'without it the token could do all that the app may'],
    [{ from: 'github-app', permissions: {} }, 'without it the token could do all that the app may'],
    [{ ...APP, permissions: { deployments: 'all' } }, 'must be "read" or "write"'],
    [{ ...APP, permissions: { '*': 'read' } }, 'is no permission of a GitHub App'],
    [{ ...APP, repositories: [] }, 'must be a list such as ["webshop"]'],
    [{ ...APP, repositories: ['acme/webshop'] }, 'must be like "webshop"'],
    [{ ...APP, appId: 1 }, 'appId: is not a field'],
    [{ from: 'google-service-account' }, 'must be a list such as ["https://www.googleapis.com/auth/monitoring.read"]'],
    [{ ...GOOGLE, scopes: ['*'] }, 'must be like "https://www.googleapis.com/auth/monitoring.read"'],
    [{ ...GOOGLE, subject: 'boss@acme.dev' }, 'subject: is not a field'],
  ])('from %j is refused', (mint, sentence) => {
    expect(faultsOf({ mint }).join()).toContain(sentence);
  });
});
