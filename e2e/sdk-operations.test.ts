/** The curated SDKs, unchanged: pages, waiters, streams, checksums, retries, errors, each as an author would write it. */
import { crc32 } from 'node:zlib';
import { isSigned } from './aws-signature.ts';
import { CANARIES as REAL, startWithSdks } from './curated-sdks.ts';
import type { Product } from './product.ts';
import { type Answer, type Asked, StandIn } from './stand-in.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT'];

const file = (name: string, secrets: string[], body: string) => `
  const attempt = async (work) => { try { return await work(); } catch (error) { return error.name + ': ' + error.message; } };
  module.exports = {
    metadata: { name: 'sdk-${name}', match: { contextType: 'github' }, cache: 0, secrets: ${JSON.stringify(Object.fromEntries(secrets.map((secret) => [secret, { methods: METHODS }])))} },
    run: async (context, secrets) => {
      const out = {};
      ${body}
      return [{ type: 'text', content: JSON.stringify(out) }];
    },
  };`;

const aws = (name: string, client: string, names: string, body: string) =>
  `const { ${client}, ${names} } = require('@aws-sdk/client-${name}');${file(
    name,
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    `const client = new ${client}({ region: 'eu-west-1', credentials: { accessKeyId: secrets.AWS_ACCESS_KEY_ID, secretAccessKey: secrets.AWS_SECRET_ACCESS_KEY } });
     const each = async (pages, show) => { const all = []; for await (const page of pages) all.push(...show(page)); return all; };
     ${body}`,
  )}`;

interface Operation {
  file: string;
  /** host to what it says */
  hosts: Record<string, Answer>;
  shown: object;
}

const header = ({ headers }: Asked, name: string) => String(headers[name] ?? '');
const target = (asked: Asked) => header(asked, 'x-amz-target').split('.').at(-1)!;
const given = (asked: Asked) => JSON.parse(asked.body) as Record<string, never>;

/** What an API answers at the first call of its kind, at the second, and from then on. */
const inTurn = (...answers: ReturnType<Answer>[]) => {
  let calls = 0;
  return () => answers[Math.min(calls++, answers.length - 1)]!;
};
const busyThenReady = inTurn({ body: { State: 'Pending' } }, { body: { State: 'Active' } });
const unavailableThenKnown = inTurn({ status: 503, body: '' }, { body: { ok: true, user: 'bot' } });

const items: Record<string, object> = {};
const objects: Record<string, { body: string; checksum: string }> = {};

function checksummed(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
}

function speakAsS3(asked: Asked): ReturnType<Answer> {
  const { pathname, searchParams } = new URL(asked.path, 'https://s3');
  const xml = (body: string) => ({
    body: `<?xml version="1.0"?>${body}`,
    headers: { 'content-type': 'application/xml' },
  });
  if (asked.method === 'PUT') {
    const [, chunk, trailer] = /^\w+\r\n(.*)\r\n0\r\n(?:x-amz-checksum-crc32:(.*)\r\n)?\r\n$/s.exec(asked.body) ?? [];
    const body = chunk ?? asked.body;
    objects[pathname] = { body, checksum: trailer ?? header(asked, 'x-amz-checksum-crc32') };
    return objects[pathname].checksum === checksummed(body) ? { body: '' } : { status: 400, body: '' };
  }
  if (searchParams.has('list-type')) {
    const isLast = searchParams.has('continuation-token');
    const more = isLast ? '' : '<NextContinuationToken>t</NextContinuationToken>';
    return xml(
      `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${more}<Contents><Key>R&amp;D ${isLast ? 2 : 1}</Key></Contents></ListBucketResult>`,
    );
  }
  const object = objects[pathname];
  if (object === undefined)
    return { status: 404, ...xml('<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>') };
  return { body: object.body, headers: { 'content-type': 'text/plain', 'x-amz-checksum-crc32': object.checksum } };
}

const OPERATIONS: Record<string, Operation> = {
  lambda: {
    file: aws(
      'lambda',
      'LambdaClient',
      'InvokeCommand, GetFunctionCommand, paginateListFunctions, waitUntilFunctionActive',
      `out.said = JSON.parse((await client.send(new InvokeCommand({ FunctionName: 'greet', Payload: JSON.stringify({ to: 'Ana' }) }))).Payload.transformToString());
       out.pages = await each(paginateListFunctions({ client, pageSize: 1 }, {}), (page) => page.Functions.map((one) => one.FunctionName));
       out.waited = (await waitUntilFunctionActive({ client, maxWaitTime: 3, minDelay: 1, maxDelay: 1 }, { FunctionName: 'greet' })).state;
       out.missing = await attempt(() => client.send(new GetFunctionCommand({ FunctionName: 'none' })));`,
    ),
    hosts: {
      'lambda.eu-west-1.amazonaws.com': (asked) => {
        const { pathname, searchParams } = new URL(asked.path, 'https://lambda');
        if (pathname.endsWith('/invocations')) return { body: { hello: given(asked).to } };
        if (pathname.endsWith('/configuration')) return busyThenReady();
        if (pathname.endsWith('/none'))
          return { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: { Message: 'no' } };
        const isLast = searchParams.has('Marker');
        return {
          body: { Functions: [{ FunctionName: isLast ? 'two' : 'one' }], NextMarker: isLast ? undefined : 'm' },
        };
      },
    },
    shown: {
      said: { hello: 'Ana' },
      pages: ['one', 'two'],
      waited: 'SUCCESS',
      missing: 'ResourceNotFoundException: no',
    },
  },
  dynamodb: {
    file: aws(
      'dynamodb',
      'DynamoDBClient',
      'PutItemCommand, GetItemCommand, UpdateItemCommand, paginateQuery',
      `const Item = { s: { S: 'café' }, n: { N: '1.50' }, b: { B: new Uint8Array([1, 255]) }, m: { M: { l: { L: [{ BOOL: true }, { NULL: true }] } } }, ss: { SS: ['a'] } };
       await client.send(new PutItemCommand({ TableName: 't', Item }));
       const got = (await client.send(new GetItemCommand({ TableName: 't', Key: { s: Item.s } }))).Item;
       out.isSame = JSON.stringify(got) === JSON.stringify(Item) && got.b.B instanceof Uint8Array;
       out.pages = await each(paginateQuery({ client }, { TableName: 't' }), (page) => page.Items.map((one) => one.s.S));
       out.refused = await attempt(() => client.send(new UpdateItemCommand({ TableName: 't', Key: { s: Item.s } })));`,
    ),
    hosts: {
      'dynamodb.eu-west-1.amazonaws.com': (asked) => {
        const text = JSON.stringify(
          {
            PutItem: () => Object.assign(items, { last: given(asked).Item }) && {},
            GetItem: () => ({ Item: items.last }),
            Query: () =>
              given(asked).ExclusiveStartKey
                ? { Items: [{ s: { S: 'two' } }] }
                : { Items: [{ s: { S: 'one' } }], LastEvaluatedKey: { s: { S: 'k' } } },
            UpdateItem: () => ({
              __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
              message: 'no',
            }),
          }[target(asked)]!(),
        );
        const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': String(crc32(text)) };
        return { status: target(asked) === 'UpdateItem' ? 400 : 200, headers, body: text };
      },
    },
    shown: { isSame: true, pages: ['one', 'two'], refused: 'ConditionalCheckFailedException: no' },
  },
  s3: {
    file: aws(
      's3',
      'S3Client',
      'PutObjectCommand, GetObjectCommand, paginateListObjectsV2',
      `const put = (Key, input) => client.send(new PutObjectCommand({ Bucket: 'acme-notes', Key, ...input }));
       const get = async (Key) => (await client.send(new GetObjectCommand({ Bucket: 'acme-notes', Key }))).Body;
       await put('text', { Body: 'as text' });
       await put('bytes', { Body: new TextEncoder().encode('as bytes') });
       await put('stream', { Body: new Response('as a stream').body, ContentLength: 11 });
       await put('blob', { Body: new Blob(['as a blob']) });
       out.read = [await (await get('text')).transformToString(), await new Response(await get('bytes')).text()];
       for await (const chunk of (await get('stream')).transformToWebStream()) out.read.push(new TextDecoder().decode(chunk));
       out.read.push(await (await get('blob')).transformToString());
       out.list = await each(paginateListObjectsV2({ client }, { Bucket: 'acme-notes' }), (page) => page.Contents.map((one) => one.Key));
       out.missing = await attempt(() => get('none'));`,
    ),
    hosts: { 'acme-notes.s3.eu-west-1.amazonaws.com': speakAsS3 },
    shown: {
      read: ['as text', 'as bytes', 'as a stream', 'as a blob'],
      list: ['R&D 1', 'R&D 2'],
      missing: 'NoSuchKey: gone',
    },
  },
  'cloudwatch-logs': {
    file: aws(
      'cloudwatch-logs',
      'CloudWatchLogsClient',
      'paginateFilterLogEvents',
      `out.events = await each(paginateFilterLogEvents({ client }, { logGroupName: 'g' }), (page) => page.events.map((one) => one.message));`,
    ),
    hosts: {
      'logs.eu-west-1.amazonaws.com': (asked) =>
        given(asked).nextToken
          ? { body: { events: [{ message: 'two' }] } }
          : { body: { events: [{ message: 'one' }], nextToken: 't' } },
    },
    shown: { events: ['one', 'two'] },
  },
  'cost-explorer': {
    file: aws(
      'cost-explorer',
      'CostExplorerClient',
      'GetCostAndUsageCommand, GetCostForecastCommand',
      `const input = { TimePeriod: { Start: '2026-01-01', End: '2026-02-01' }, Granularity: 'DAILY', Metrics: ['UnblendedCost'] };
       const first = await client.send(new GetCostAndUsageCommand(input));
       const second = await client.send(new GetCostAndUsageCommand({ ...input, NextPageToken: first.NextPageToken }));
       out.costs = [first, second].map(({ ResultsByTime }) => ResultsByTime[0].Total.UnblendedCost.Amount);
       out.forecast = await attempt(() => client.send(new GetCostForecastCommand({ ...input, Metric: 'UNBLENDED_COST' })));`,
    ),
    hosts: {
      'ce.us-east-1.amazonaws.com': (asked) => {
        if (target(asked) === 'GetCostForecast')
          return { status: 400, body: { __type: 'DataUnavailableException', Message: 'not yet' } };
        const Amount = given(asked).NextPageToken ? '2.5' : '1.5';
        return { body: { ResultsByTime: [{ Total: { UnblendedCost: { Amount } } }], NextPageToken: 't' } };
      },
    },
    shown: { costs: ['1.5', '2.5'], forecast: 'DataUnavailableException: not yet' },
  },
  'resource-groups-tagging-api': {
    file: aws(
      'resource-groups-tagging-api',
      'ResourceGroupsTaggingAPIClient',
      'paginateGetResources',
      `out.found = await each(paginateGetResources({ client }, { TagFilters: [{ Key: 'team', Values: ['web'] }] }), (page) => page.ResourceTagMappingList.map((one) => one.ResourceARN));`,
    ),
    hosts: {
      'tagging.eu-west-1.amazonaws.com': (asked) =>
        given(asked).PaginationToken
          ? { body: { ResourceTagMappingList: [{ ResourceARN: 'arn:two' }], PaginationToken: '' } }
          : { body: { ResourceTagMappingList: [{ ResourceARN: 'arn:one' }], PaginationToken: 't' } },
    },
    shown: { found: ['arn:one', 'arn:two'] },
  },
  octokit: {
    file: `const { Octokit } = require('@octokit/rest');${file(
      'octokit',
      ['GH_TOKEN'],
      `const octokit = new Octokit({ auth: secrets.GH_TOKEN, log: { debug() {}, info() {}, warn() {}, error() {} } });
       out.issues = await octokit.paginate(octokit.issues.listForRepo, { owner: 'acme', repo: 'webshop' }, ({ data }) => data.map((one) => one.title));
       const { data, headers } = await octokit.repos.get({ owner: 'acme', repo: 'webshop' });
       out.left = [data.full_name, headers['x-ratelimit-remaining']];
       out.created = (await octokit.issues.create({ owner: 'acme', repo: 'webshop', title: 'Größe' })).data.title;
       out.missing = await attempt(() => octokit.repos.get({ owner: 'acme', repo: 'none' }));
       out.readme = (await octokit.repos.getReadme({ owner: 'acme', repo: 'webshop', mediaType: { format: 'raw' } })).data;`,
    )}`,
    hosts: {
      'api.github.com': (asked) => {
        const { pathname, searchParams } = new URL(asked.path, 'https://api.github.com');
        const headers = { 'content-type': 'application/json; charset=utf-8', 'x-ratelimit-remaining': '41' };
        if (asked.headers.authorization !== `token ${REAL.GH_TOKEN}`) return { status: 401, headers, body: {} };
        if (asked.method === 'POST') return { status: 201, headers, body: { title: given(asked).title } };
        if (pathname.endsWith('/none')) return { status: 404, headers, body: { message: 'Not Found' } };
        if (pathname.endsWith('/readme'))
          return { headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, body: '# Webshop' };
        if (!pathname.endsWith('/issues')) return { headers, body: { full_name: 'acme/webshop' } };
        const next = '<https://api.github.com/repos/acme/webshop/issues?page=2>; rel="next"';
        return searchParams.get('page') === '2'
          ? { headers, body: [{ title: 'two' }] }
          : { headers: { ...headers, link: next }, body: [{ title: 'one' }] };
      },
    },
    shown: {
      issues: ['one', 'two'],
      left: ['acme/webshop', '41'],
      created: 'Größe',
      missing: 'HttpError: Not Found',
      readme: '# Webshop',
    },
  },
  slack: {
    file: `const { WebClient } = require('@slack/web-api');${file(
      'slack',
      ['SLACK_TOKEN'],
      `const slack = new WebClient(secrets.SLACK_TOKEN, { retryConfig: { retries: 1, minTimeout: 10, maxTimeout: 20 } });
       out.posted = (await slack.chat.postMessage({ channel: 'C1', text: 'Grüße', blocks: [{ type: 'divider' }] })).message.text;
       out.channels = [];
       for await (const page of slack.paginate('conversations.list', { limit: 1 })) out.channels.push(...page.channels.map((one) => one.name));
       out.again = (await slack.auth.test()).user;
       out.refused = await attempt(() => slack.users.info({ user: 'U1' }));`,
    )}`,
    hosts: {
      'slack.com': (asked) => {
        if (asked.headers.authorization !== `Bearer ${REAL.SLACK_TOKEN}`) return { status: 401, body: {} };
        const form = new URLSearchParams(asked.body);
        if (asked.path.endsWith('chat.postMessage')) return { body: { ok: true, message: { text: form.get('text') } } };
        if (asked.path.endsWith('auth.test')) return unavailableThenKnown();
        if (asked.path.endsWith('users.info')) return { body: { ok: false, error: 'user_not_found' } };
        return form.has('cursor')
          ? { body: { ok: true, channels: [{ name: 'random' }], response_metadata: { next_cursor: '' } } }
          : { body: { ok: true, channels: [{ name: 'general' }], response_metadata: { next_cursor: 'c' } } };
      },
    },
    shown: {
      posted: 'Grüße',
      channels: ['general', 'random'],
      again: 'bot',
      refused: 'WebAPIPlatformError: An API error occurred: user_not_found',
    },
  },
};

const SERVICES: Record<string, string> = {
  'cost-explorer': 'ce',
  'cloudwatch-logs': 'logs',
  'resource-groups-tagging-api': 'tagging',
};

let standIn: StandIn;
let product: Product;

beforeAll(async () => {
  standIn = await StandIn.start();
  for (const [name, { hosts }] of Object.entries(OPERATIONS))
    for (const [host, answer] of Object.entries(hosts)) {
      const isTrusted = (asked: Asked) =>
        !host.endsWith('amazonaws.com') || isSigned(asked, SERVICES[name] ?? name, REAL);
      standIn.speakFor(host, (asked) =>
        isTrusted(asked) ? answer(asked) : { status: 403, body: { message: 'unsigned' } },
      );
    }
  const files = Object.entries(OPERATIONS).map(([name, { file }]) => [`${name}.integration.js`, file]);
  product = await startWithSdks(Object.fromEntries(files), standIn, REAL);
}, 60_000);
afterAll(async () => {
  await product?.stop();
  await standIn?.close();
});

it('leaves the curated SDKs as their authors know them', async () => {
  const events = await product.stream({ type: 'github', url: 'https://github.com/acme/webshop' });
  const told = (kind: string) => events.filter(({ event }) => event === kind).map(({ data }) => data);
  expect(told('failure')).toEqual([]);
  const shown = told('insight').map(({ integration, insight }) => [
    integration,
    JSON.parse((insight as { content: string }).content),
  ]);
  expect(Object.fromEntries(shown)).toEqual(
    Object.fromEntries(Object.entries(OPERATIONS).map(([name, { shown }]) => [`sdk-${name}`, shown])),
  );
});
