// What the pages themselves tell: small pages of our own, built like those of the sites.
import type { PageContext } from '@fingerpost/contracts';
import { parseHTML } from 'linkedom';
import { readPage } from './read-page.ts';

const read = (address: string, html: string, before?: PageContext) =>
  readPage({ url: new URL(address), document: parseHTML(`<!doctype html><html>${html}</html>`).document, before });

const REPOSITORY = `<head><meta name="user-login" content="ana"></head><body><a id="code-tab" aria-current="page"></a></body>`;

describe('a page of GitHub', () => {
  it('names the repository, and who is signed in', () => {
    expect(read('https://github.com/acme/webshop/pull/42/changes', REPOSITORY)).toEqual({
      context: {
        type: 'github',
        url: 'https://github.com/acme/webshop/pull/42/changes',
        page: {
          name: 'repository',
          repository: 'acme/webshop',
          section: { name: 'pulls', pull: '42', subsection: 'files' },
        },
        global: { user: 'ana' },
      },
      missing: [],
    });
  });

  it('is not called a repository when it does not look like one, and that is said', () => {
    const { context, missing } = read('https://github.com/acme/webshop/issues/7', '<body><h1>404</h1></body>');
    expect(context).toEqual({ type: 'github', url: 'https://github.com/acme/webshop/issues/7' });
    expect(missing).toEqual(['the header of the repository']);
  });

  it.each([
    ['main', 'tree/feature/cart/src', { hash: 'feature', resource: 'cart/src' }],
    ['feature/cart', 'tree/feature/cart/src', { hash: 'feature/cart', resource: 'src' }],
    ['trunk', '', { hash: 'trunk', resource: '' }],
  ])('takes the branch from the page where it shows one: %s', (branch, path, expected) => {
    const html = `<body><a id="code-tab"></a><button id="ref-picker-repos-header-ref-selector" aria-label="${branch} branch"></button></body>`;
    expect(read(`https://github.com/acme/webshop/${path}`, html).context).toMatchObject({
      page: { section: { name: 'code', ...expected } },
    });
  });

  it('tells people from organisations', () => {
    const person = read('https://github.com/ana?tab=repositories', '<body><a id="repositories-tab"></a></body>');
    expect(person.context).toMatchObject({
      page: { name: 'profile', username: 'ana', section: { name: 'repositories' } },
    });
    expect(person.context.page).not.toHaveProperty('isOrg');
    const company = read(
      'https://github.com/acme',
      '<body><a id="repositories-tab"></a><a id="people-tab"></a></body>',
    );
    expect(company.context).toMatchObject({ page: { username: 'acme', isOrg: 'true' } });
  });

  it('takes no name that no user can have', () => {
    const html = `<head><meta name="user-login" content="&lt;script&gt;"></head>`;
    expect(read('https://github.com/', html).context).not.toHaveProperty('global');
  });

  it('leaves out what was switched off', () => {
    const page = {
      url: new URL('https://github.com/acme/webshop/actions'),
      document: parseHTML(`<html>${REPOSITORY}</html>`).document,
    };
    const { context } = readPage(page, ['github.user', 'github.actions']);
    expect(context).toEqual({
      type: 'github',
      url: page.url.href,
      page: { name: 'repository', repository: 'acme/webshop', section: { name: 'actions' } },
    });
  });
});

const LAMBDA = 'https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1#/functions/checkout';
const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:checkout';
const SESSION = `<head><meta name="awsc-session-data" content='{"displayName":"ana","accountId":"123456789012"}'></head>`;

describe('a page of the AWS console', () => {
  it('names account and ARN, and nothing else of the session', () => {
    const { context, missing } = read(LAMBDA, `${SESSION}<body><main>Function ARN ${ARN}</main></body>`);
    expect(context).toEqual({
      type: 'aws',
      url: LAMBDA,
      global: { accountId: '123456789012' },
      scope: { region: 'eu-central-1' },
      service: { name: 'lambda', section: 'functions', resourceName: 'checkout', arn: ARN },
    });
    expect(missing).toEqual([]);
  });

  it('keeps the ARN while the page is drawn anew, for the same function alone', () => {
    const { context: before } = read(LAMBDA, `${SESSION}<body><main>${ARN}</main></body>`);
    expect(read(LAMBDA, SESSION, before).context.service).toMatchObject({ arn: ARN });
    expect(read(`${LAMBDA}-2`, SESSION, before).context.service).not.toHaveProperty('arn');
  });

  it('takes no ARN of another function', () => {
    const { context } = read(LAMBDA, `${SESSION}<body><main>${ARN}-2</main></body>`);
    expect(context.service).not.toHaveProperty('arn');
  });

  it('takes no ARN of another account, which anybody may have written into a description', () => {
    const other = ARN.replace('123456789012', '999999999999');
    expect(read(LAMBDA, `${SESSION}<body><main>${other}</main></body>`).context.service).not.toHaveProperty('arn');
    const { context } = read(LAMBDA, `${SESSION}<body><main>${other} ${ARN}</main></body>`);
    expect(context.service).toMatchObject({ arn: ARN });
  });

  it('says that it did not find the session', () => {
    expect(read(LAMBDA, '<body></body>').missing).toEqual(['the session of the console']);
  });

  it.each([
    [
      'ec2/home#InstanceDetails:instanceId=i-0abc123456',
      { name: 'ec2', section: 'instances', resourceName: 'i-0abc123456' },
    ],
    ['ec2/home#Instances:search=my-host;v=3', { name: 'ec2', section: 'instances' }],
    [
      'ecs/v2/clusters/shop/services/cart/health',
      { name: 'ecs', section: 'services', resourceName: 'cart', cluster: 'shop' },
    ],
    ['ecs/v2/clusters/shop', { name: 'ecs', section: 'clusters', resourceName: 'shop' }],
    ['ecs/v2/clusters', { name: 'ecs', section: 'clusters' }],
    [
      'cloudwatch/home#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fcart/log-events/x',
      { name: 'cloudwatch', section: 'log-groups', resourceName: '/aws/lambda/cart' },
    ],
    ['cloudwatch/home#alarmsV2:alarm/too+slow', { name: 'cloudwatch', section: 'alarms', resourceName: 'too+slow' }],
    ['rds/home#database:id=orders;is-cluster=true', { name: 'rds', section: 'databases', resourceName: 'orders' }],
    ['rds/home#databases:', { name: 'rds', section: 'databases' }],
    ['sqs/v3/home#/queues', { name: 'sqs' }],
  ])('names what %s shows', (path, service) => {
    const { context } = read(`https://eu-west-1.console.aws.amazon.com/${path}`, SESSION);
    expect(context.service).toEqual(service);
    expect(context.scope).toEqual({ region: 'eu-west-1' });
  });
});

describe('a page of GitLab', () => {
  it.each([
    ['-/merge_requests/4/diffs', { name: 'pulls', pull: '4', subsection: 'files' }],
    ['-/issues/9', { name: 'issues', issue: '9' }],
    ['-/pipelines/12', { name: 'actions', run: '12' }],
    ['-/blob/main/src/a.ts', { name: 'code', resource: 'src/a.ts', hash: 'main' }],
  ])('says it in the words that GitHub has: %s', (path, section) => {
    expect(read(`https://gitlab.com/acme/shop/cart/${path}`, '').context).toMatchObject({
      type: 'gitlab',
      page: { name: 'repository', repository: 'acme/shop/cart', section },
    });
  });

  it('tells projects from groups by what the page says', () => {
    const project = `<body data-project-full-path="acme/shop/cart"></body>`;
    expect(read('https://gitlab.com/acme/shop/cart', project).context).toHaveProperty('page');
    expect(read('https://gitlab.com/acme/shop/cart', '<body></body>').context).not.toHaveProperty('page');
  });
});

describe('names that mean something to JavaScript', () => {
  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('are names like any other: %s', (name) => {
    const { context } = read(`https://github.com/acme/${name}/pull/${name}/${name}`, REPOSITORY);
    expect(context).toMatchObject({
      page: { repository: `acme/${name}`, section: { pull: name, subsection: 'conversation' } },
    });
    expect(read(`https://console.aws.amazon.com/${name}/home`, SESSION).context.service).toEqual({ name });
    expect({}).not.toHaveProperty('page');
  });
});
