import { crc32 } from 'node:zlib';
import { aws, given, inTurn, type Operation, target } from './operation.ts';

const busyThenReady = inTurn({ body: { State: 'Pending' } }, { body: { State: 'Active' } });
const items: Record<string, object> = {};

export const AWS_OPERATIONS: Record<string, Operation> = {
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
};
