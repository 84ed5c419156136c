/** One question as its trace tells it, and all that a trace must not tell. */
import { Collector, type TakenSpan } from './collector.ts';
import { formsOf } from './forms-of.ts';
import { githubPage, integration, Product, TOKEN } from './product.ts';
import { Upstream } from './upstream.ts';

const SECRET = 'canary-of-a-token-0123456789';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PAGE_SPAN = 'b7ad6b7169203331';
const PAGE = githubPage('acme/canary-of-a-repository', {
  page: { repository: 'acme/canary-of-a-repository', name: 'canary-of-a-name' },
});
/** Of the page, of who looks, of what was called, of what came back. */
const CANARIES = [
  ...[SECRET, 'canary-of-a-repository', 'canary-of-a-name', 'canary-of-a-path', 'canary-of-a-query'],
  ...['canary-of-an-answer', 'canary-of-a-failure', 'canary-of-a-log-line', TOKEN],
];

let collector: Collector;
let upstream: Upstream;
let product: Product;

beforeAll(async () => {
  collector = await Collector.start();
  upstream = await Upstream.start(SECRET, 20);
  const call = `const answer = await fetch('http://${upstream.host}/canary-of-a-path?q=canary-of-a-query', { headers: { Authorization: 'Bearer ' + secrets.TOKEN } });`;
  product = await Product.start(
    {
      'calls.integration.js': integration(
        'calls',
        `${call} logger.info('canary-of-a-log-line'); return [{ type: 'text', content: 'canary-of-an-answer ' + (await answer.json()).path }];`,
        `cache: 0, requiredSecrets: ['TOKEN']`,
      ),
      'fails.integration.js': integration('fails', `throw new Error('canary-of-a-failure');`),
    },
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      INTEGRATION_TOKEN: SECRET,
      FINGERPOST_OUTBOUND_ALLOW: upstream.host,
      LOG_LEVEL: 'debug',
    },
  );
}, 90_000);

afterAll(async () => {
  await product?.stop();
  upstream?.stop();
  collector?.stop();
});

const WAY = [
  'page',
  'POST /context',
  'gateway.find-answer',
  'registry.match',
  'runner.run',
  'sandbox',
  'secrets.call',
  'outbound',
];
const traceparent = `00-${TRACE_ID}-${PAGE_SPAN}-00`;
let spans: TakenSpan[];

it('shows page, gateway, registry, runner, sandbox, secrets and the outbound call in one trace', async () => {
  const reply = await product.send('/context', PAGE, { traceparent });
  expect(reply.headers.get('traceresponse')).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
  expect((await reply.json()).failedCount).toBe(1);
  expect(
    (
      await fetch(`${product.url}/page-times?first=40&all=90`, {
        method: 'POST',
        headers: { traceparent, authorization: `Bearer ${TOKEN}` },
      })
    ).status,
  ).toBe(204);
  spans = await collector.trace(TRACE_ID, WAY);
});

it('has each of them inside the one that asked for it', () => {
  const span = (name: string) =>
    spans.find((one) => one.name === name && one.attributes['fingerpost.integration'] !== 'fails')!;
  const parentOf = (name: string) => spans.find(({ spanId }) => spanId === span(name).parentSpanId)?.name;
  expect(
    ['outbound', 'secrets.call', 'sandbox', 'runner.run', 'gateway.find-answer', 'registry.match', 'POST /context'].map(
      parentOf,
    ),
  ).toEqual(['secrets.call', 'sandbox', 'runner.run', 'gateway.find-answer', 'POST /context', 'POST /context', 'page']);
  expect(span('page')).toMatchObject({ spanId: PAGE_SPAN, service: 'fingerpost-page' });
  expect(span('outbound').endMs - span('outbound').startMs).toBeGreaterThan(18);
  expect(span('outbound').attributes).toMatchObject({
    'server.address': upstream.host,
    'http.request.method': 'GET',
    'http.response.status_code': 200,
  });
});

it('says which failed, by its code alone', () => {
  const failed = spans.filter(({ attributes }) => attributes['error.type'] !== undefined);
  expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual(
    expect.arrayContaining([['runner.run', 'run.failed']]),
  );
});

it('stands in the log of every service that took part, the author’s lines too', () => {
  const lines = product.log.split('\n').filter((line) => line.includes(`"trace_id":"${TRACE_ID}"`));
  const services = new Set(lines.map((line) => JSON.parse(line).service));
  expect([...services]).toEqual(expect.arrayContaining(['gateway', 'runner', 'secrets']));
  expect(lines.find((line) => line.includes('canary-of-a-log-line'))).toMatch(/"span_id":"[0-9a-f]{16}"/);
});

it('tells no secret, address, context, answer or viewer', () => {
  const told = CANARIES.flatMap(formsOf).filter((form) => collector.said.includes(form));
  expect(told).toEqual([]);
  expect(collector.said).toContain('"calls"');
  // Authors' own lines and errors are theirs; of the page, the call and who looks the log tells nothing either.
  const ofOthers = CANARIES.filter((canary) => !/failure|log-line/.test(canary)).flatMap(formsOf);
  expect(ofOthers.filter((form) => product.log.includes(form))).toEqual([]);
});
