import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf } from '@fingerpost/platform/testing';
import { isSigned } from './aws-signature.ts';
import { CANARIES, startWithSdks } from './curated-sdks.ts';
import { findInMemory } from './find-in-memory.ts';
import { formsOf } from './forms-of.ts';
import { itEmbedded, LISTENED_TO, PATIENCE_MS, Product } from './product.ts';
import { type Asked, StandIn } from './stand-in.ts';

const REAL = {
  ...CANARIES,
  PD_TOKEN: 'pd_canary_of_pagerduty_0',
  CI_TOKEN: 'canary/of ci&build=1',
  JIRA_USER: 'bot@acme.dev',
  JIRA_TOKEN: 'canary_of_jira_000000',
};

const file = (metadata: string, run: string, before = '') =>
  `${before}\nmodule.exports = { metadata: { match: { contextType: 'github' }, cache: 0, ${metadata} }, run: async (context, secrets, dataFiles) => { ${run} } };`;

const aws = (name: string, client: string, command: string, input: string, show: string) =>
  file(
    `name: 'aws-${name}', requiredSecrets: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']`,
    `const client = new ${client}({ region: 'eu-west-1', credentials: { accessKeyId: secrets.AWS_ACCESS_KEY_ID, secretAccessKey: secrets.AWS_SECRET_ACCESS_KEY } });
     const answer = await client.send(new ${command}(${input}));
     return [{ type: 'text', content: String(${show}) }];`,
    `const { ${client}, ${command} } = require('@aws-sdk/client-${name}');`,
  );

/** As somebody wrote them for ToolJump: `require`, `fetch` with a token, `logger`, data files, modules of their own. */
const FILES: Record<string, string> = {
  'a-lambda.integration.js': aws(
    'lambda',
    'LambdaClient',
    'ListFunctionsCommand',
    '{}',
    'answer.Functions[0].FunctionName',
  ),
  'a-dynamodb.integration.js': aws('dynamodb', 'DynamoDBClient', 'ListTablesCommand', '{}', 'answer.TableNames[0]'),
  'a-cost.integration.js': aws(
    'cost-explorer',
    'CostExplorerClient',
    'GetCostAndUsageCommand',
    "{ TimePeriod: { Start: '2026-01-01', End: '2026-02-01' }, Granularity: 'MONTHLY', Metrics: ['UnblendedCost'] }",
    'answer.ResultsByTime[0].Total.UnblendedCost.Amount',
  ),
  'a-logs.integration.js': aws(
    'cloudwatch-logs',
    'CloudWatchLogsClient',
    'DescribeLogGroupsCommand',
    '{}',
    'answer.logGroups[0].logGroupName',
  ),
  'a-tagging.integration.js': aws(
    'resource-groups-tagging-api',
    'ResourceGroupsTaggingAPIClient',
    'GetResourcesCommand',
    '{}',
    'answer.ResourceTagMappingList[0].ResourceARN',
  ),
  'a-buckets.integration.js': aws('s3', 'S3Client', 'ListBucketsCommand', '{}', 'answer.Buckets[0].Name'),
  'a-object.integration.js': aws(
    's3',
    'S3Client',
    'GetObjectCommand',
    "{ Bucket: 'acme-notes', Key: 'on call/now.txt' }",
    'await answer.Body.transformToString()',
  ).replace("name: 'aws-s3'", "name: 'aws-s3-object'"),
  'octokit.integration.js': file(
    `name: 'octokit', requiredSecrets: ['GH_TOKEN']`,
    `const octokit = new Octokit({ auth: secrets.GH_TOKEN }); const { data } = await octokit.repos.get({ owner: 'acme', repo: 'webshop' });
     return [{ type: 'text', content: data.full_name }];`,
    `const { Octokit } = require('@octokit/rest');`,
  ),
  'slack.integration.js': file(
    `name: 'slack', requiredSecrets: ['SLACK_TOKEN']`,
    `const answer = await new WebClient(secrets.SLACK_TOKEN).conversations.info({ channel: 'C1' }); return [{ type: 'text', content: answer.channel.name }];`,
    `const { WebClient } = require('@slack/web-api');`,
  ),
  'pagerduty.integration.js': file(
    `name: 'pagerduty', requiredSecrets: ['PD_TOKEN']`,
    `const answer = await fetch('https://api.pagerduty.com/oncalls', { headers: { Authorization: 'Token token=' + secrets.PD_TOKEN } });
     logger.info('asked', answer.status); const { oncalls } = await answer.json();
     return [{ type: 'text', content: shout(_.upperFirst(oncalls[0].user)) + ' of ' + dataFiles.find(({ id }) => id === 'teams').data.name }];`,
    `const _ = require('lodash'); const { shout } = require('./lib/shout');`,
  ),
  'ci.integration.js': file(
    `name: 'ci-build', hosts: ['ci.acme.dev'], secrets: { CI_TOKEN: { pathPrefixes: ['/api'], slots: ['query'] } }`,
    `const answer = await fetch('https://ci.acme.dev/api/builds?token=' + secrets.CI_TOKEN + '&n=1'); return [{ type: 'text', content: (await answer.json()).state }];`,
  ),
  'jira.integration.js': file(
    `name: 'jira', requiredSecrets: ['JIRA_USER', 'JIRA_TOKEN']`,
    `const login = Buffer.from(secrets.JIRA_USER + ':' + secrets.JIRA_TOKEN).toString('base64');
     const answer = await fetch('https://acme.atlassian.net/rest/api/3/search', { headers: { Authorization: 'Basic ' + login } }); return [{ type: 'text', content: (await answer.json()).total + ' issues' }];`,
  ),
};

const SHOWN: Record<string, string> = {
  'aws-lambda': 'checkout',
  'aws-dynamodb': 'orders',
  'aws-cost-explorer': '42.5',
  'aws-cloudwatch-logs': '/aws/checkout',
  'aws-resource-groups-tagging-api': 'arn:aws:x',
  'aws-s3': 'acme-notes',
  'aws-s3-object': 'Ana',
  octokit: 'acme/webshop',
  slack: 'general',
  pagerduty: 'ANA! of Storefront',
  'ci-build': 'green',
  jira: '3 issues',
};

let standIn: StandIn;
let product: Product;

beforeAll(async () => {
  standIn = await StandIn.start();
  const signed =
    (service: string, body: object | string, headers = {}) =>
    (asked: Asked) =>
      isSigned(asked, service, REAL) ? { body, headers } : { status: 403, body: { message: 'the signature is wrong' } };
  const onlyWith = (authorization: string, body: object) => (asked: Asked) =>
    asked.headers.authorization === authorization ? { body } : { status: 401, body: {} };

  standIn.speakFor('lambda.eu-west-1.amazonaws.com', signed('lambda', { Functions: [{ FunctionName: 'checkout' }] }));
  standIn.speakFor('dynamodb.eu-west-1.amazonaws.com', signed('dynamodb', { TableNames: ['orders'] }));
  standIn.speakFor(
    'ce.us-east-1.amazonaws.com',
    signed('ce', { ResultsByTime: [{ Total: { UnblendedCost: { Amount: '42.5' } } }] }),
  );
  standIn.speakFor('logs.eu-west-1.amazonaws.com', signed('logs', { logGroups: [{ logGroupName: '/aws/checkout' }] }));
  standIn.speakFor(
    'tagging.eu-west-1.amazonaws.com',
    signed('tagging', { ResourceTagMappingList: [{ ResourceARN: 'arn:aws:x' }] }),
  );
  standIn.speakFor(
    's3.eu-west-1.amazonaws.com',
    signed(
      's3',
      '<?xml version="1.0"?><ListAllMyBucketsResult><Buckets><Bucket><Name>acme-notes</Name></Bucket></Buckets></ListAllMyBucketsResult>',
      { 'content-type': 'application/xml' },
    ),
  );
  standIn.speakFor('acme-notes.s3.eu-west-1.amazonaws.com', signed('s3', 'Ana', { 'content-type': 'text/plain' }));
  standIn.speakFor('api.github.com', onlyWith(`token ${REAL.GH_TOKEN}`, { full_name: 'acme/webshop' }));
  standIn.speakFor('slack.com', onlyWith(`Bearer ${REAL.SLACK_TOKEN}`, { ok: true, channel: { name: 'general' } }));
  standIn.speakFor('api.pagerduty.com', onlyWith(`Token token=${REAL.PD_TOKEN}`, { oncalls: [{ user: 'ana' }] }));
  standIn.speakFor('ci.acme.dev', ({ path }) => ({
    body: {
      state: new URL(path, 'https://ci.acme.dev').searchParams.get('token') === REAL.CI_TOKEN ? 'green' : 'refused',
    },
  }));
  standIn.speakFor(
    'acme.atlassian.net',
    onlyWith(`Basic ${Buffer.from(`${REAL.JIRA_USER}:${REAL.JIRA_TOKEN}`).toString('base64')}`, { total: 3 }),
  );

  product = await startWithSdks(
    {
      'teams.data.yml': 'name: Storefront',
      'lib/shout.js': "exports.shout = (name) => name.toUpperCase() + '!';",
      ...FILES,
    },
    standIn,
    REAL,
    LISTENED_TO,
  );
}, PATIENCE_MS);
afterAll(async () => {
  await product?.stop();
  await standIn?.close();
});

it('gives every file the answer of its API, called with the real credentials', async () => {
  const events = await product.stream({ type: 'github', url: 'https://github.com/acme/webshop' });
  const told = (kind: string) => events.filter(({ event }) => event === kind).map(({ data }) => data);
  expect(told('failure')).toEqual([]);
  const shown = Object.fromEntries(
    told('insight').map(({ integration, insight }) => [integration, (insight as { content: string }).content]),
  );
  expect(shown).toEqual(SHOWN);
});

it('calls nobody whose certificate no known authority vouches for', async () => {
  const asked = standIn.asked.length;
  const { FINGERPOST_OUTBOUND_PROXY } = standIn.env;
  const own = await Product.start(
    { 'ci.integration.js': FILES['ci.integration.js']! },
    { FINGERPOST_OUTBOUND_PROXY, INTEGRATION_CI_TOKEN: REAL.CI_TOKEN },
  );
  const events = await own.stream({ type: 'github', url: 'https://github.com/acme/webshop' });
  expect(events.map(({ event }) => event)).toContain('failure');
  await own.until(async () => own.log.includes('ci.acme.dev:443 could not prove who it is (TLS)'));
  expect(standIn.asked).toHaveLength(asked);
  await own.stop();
});

itEmbedded('lets no real value out, into no answer, no log line and no message on the bus', async () => {
  const answer = JSON.stringify(await product.ask({ type: 'github', url: 'https://github.com/acme/other' }));
  const bus = readFileSync(join(product.folder, 'bus'), 'latin1');
  expect(bus).toContain('secrets.call.');
  for (const [name, value] of Object.entries(REAL))
    if (name !== 'AWS_ACCESS_KEY_ID')
      for (const form of formsOf(value)) {
        expect(answer).not.toContain(form);
        expect(product.log).not.toContain(form);
        expect(bus).not.toContain(form);
      }
});

const onLinuxAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? itEmbedded : it.skip;

onLinuxAsRoot('lets no real value into a sandbox process', () => {
  const sandboxes = descendantsOf(product.pid).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host.mjs'),
  );
  expect(sandboxes.length).toBeGreaterThan(1);
  const values = Object.values(REAL).filter((value) => value !== REAL.JIRA_USER);
  for (const pid of sandboxes) expect(findInMemory(pid, values)).toEqual([]);
  // The search finds what is there.
  expect(sandboxes.some((pid) => findInMemory(pid, ['Storefront']).length > 0)).toBe(true);
  expect(findInMemory(product.pid, values).sort()).toEqual([...values].sort());
});
