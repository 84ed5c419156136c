import { segmentsOf } from './look.ts';
import { readPage } from './read-page.ts';

const contextOf = (address: string) => {
  const { url, ...fields } = readPage({ url: new URL(address) }).context;
  expect(url).toBe(new URL(address).href);
  return fields;
};
const section = (path: string) => {
  const { page } = contextOf(`https://github.com/acme/webshop${path}`) as unknown as { page: { section: object } };
  return page.section;
};
const LAMBDA = 'https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1';

describe('segmentsOf', () => {
  it('decodes what can be decoded and leaves the rest', () => {
    expect(segmentsOf(new URL('https://wiki.acme.dev/a%20b/%E0%A4%A/'))).toEqual(['a b', '%E0%A4%A']);
  });
});

describe('a GitHub address', () => {
  it('names the repository and the code of its main branch', () => {
    expect(contextOf('https://github.com/acme/webshop')).toEqual({
      type: 'github',
      page: { name: 'repository', repository: 'acme/webshop', section: { name: 'code', resource: '', hash: 'main' } },
    });
  });

  it.each([
    ['/blob/v2/src/cart%20a.ts', { name: 'code', resource: 'src/cart a.ts', hash: 'v2' }],
    ['/tree/main', { name: 'code', resource: '', hash: 'main' }],
    ['/commit/4f2c', { name: 'commit', resource: '', hash: '4f2c' }],
    ['/pulls', { name: 'pulls' }],
    ['/pull/42', { name: 'pulls', pull: '42', subsection: 'conversation' }],
    ['/pull/42/files', { name: 'pulls', pull: '42', subsection: 'files' }],
    ['/issues/7', { name: 'issues', issue: '7' }],
    ['/actions', { name: 'actions' }],
    ['/actions/workflows/ci.yml', { name: 'actions', workflow: 'ci.yml' }],
    ['/actions/runs/9/job/3', { name: 'actions', run: '9', job: '3' }],
    ['/releases', { name: 'releases' }],
    ['/issues/%E0%A4%A', { name: 'issues', issue: '%E0%A4%A' }],
  ])('names the section of %s', (path, expected) => {
    expect(section(path)).toEqual(expected);
  });

  it('tells profiles from pages of GitHub itself', () => {
    expect(contextOf('https://github.com/ana')).toEqual({
      type: 'github',
      page: { name: 'profile', username: 'ana', section: { name: 'overview' } },
    });
    expect(contextOf('https://github.com/orgs/acme')).toMatchObject({ page: { username: 'acme', isOrg: 'true' } });
    expect(contextOf('https://github.com/settings/profile')).toEqual({ type: 'github' });
    expect(contextOf('https://github.com/')).toEqual({ type: 'github' });
  });
});

describe('an address of the AWS console', () => {
  it('names region, service and function', () => {
    expect(contextOf(`${LAMBDA}#/functions/webshop-checkout?tab=code`)).toEqual({
      type: 'aws',
      scope: { region: 'eu-central-1' },
      service: { name: 'lambda', section: 'functions', resourceName: 'webshop-checkout' },
    });
  });

  it.each([
    [`${LAMBDA}#/functions`, { name: 'lambda', section: 'functions' }],
    [LAMBDA, { name: 'lambda' }],
    [
      'https://console.aws.amazon.com/dynamodbv2/home#table?name=orders',
      { name: 'dynamodb', section: 'tables', resourceName: 'orders' },
    ],
    [
      'https://console.aws.amazon.com/dynamodbv2/home#item-explorer?table=orders',
      { name: 'dynamodb', section: 'tables', resourceName: 'orders' },
    ],
    ['https://console.aws.amazon.com/ec2/home', { name: 'ec2' }],
    ['https://console.aws.amazon.com/console/home', undefined],
  ])('names the service of %s', (address, service) => {
    expect(contextOf(address).service).toEqual(service);
  });

  it('names bucket, ARN and prefix', () => {
    expect(contextOf('https://s3.console.aws.amazon.com/s3/buckets/photos?region=eu-west-1&prefix=2026/')).toEqual({
      type: 'aws',
      scope: { region: 'eu-west-1' },
      service: {
        name: 's3',
        section: 'buckets',
        resourceName: 'photos',
        arn: 'arn:aws:s3:::photos',
        objectPath: '2026/',
      },
    });
  });

  it('knows regions of more than three words, and the default', () => {
    expect(contextOf('https://us-gov-west-1.console.aws.amazon.com/ec2/home').scope).toEqual({
      region: 'us-gov-west-1',
    });
    expect(contextOf('https://console.aws.amazon.com/ec2/home').scope).toEqual({ region: 'us-east-1' });
  });
});

describe('any other address', () => {
  it('is cut where it is longer than a gateway takes', () => {
    const { context } = readPage({ url: new URL(`https://wiki.acme.dev/a?state=${'x'.repeat(9_000)}`) });
    expect(context).toEqual({ type: 'generic', url: 'https://wiki.acme.dev/a' });
  });

  it.each([
    'https://wiki.acme.dev/runbooks',
    'https://notgithub.com/a/b',
    'https://github.com.evil.dev/a/b',
    'https://xconsole.aws.amazon.com.evil.dev/',
  ])('is generic: %s', (address) => expect(contextOf(address)).toEqual({ type: 'generic' }));
});
