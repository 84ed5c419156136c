/** The curated SDKs, unchanged: pages, waiters, streams, checksums, retries, errors, each as an author would write it. */
import { isSigned } from './aws-signature.ts';
import { CANARIES as REAL, startWithSdks } from './curated-sdks.ts';
import type { Product } from './product.ts';
import { AWS_OPERATIONS } from './sdk-operations/aws.ts';
import { S3_OPERATIONS } from './sdk-operations/s3.ts';
import { TOKEN_OPERATIONS } from './sdk-operations/with-a-token.ts';
import { type Asked, StandIn } from './stand-in.ts';

const OPERATIONS = { ...AWS_OPERATIONS, ...S3_OPERATIONS, ...TOKEN_OPERATIONS };

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
