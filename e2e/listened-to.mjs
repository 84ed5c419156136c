// The product, with everything that its bus carries written to the file LISTENED_TO.
import { appendFileSync } from 'node:fs';
import { LocalExchange, runUntilSignal } from '@fingerpost/platform';
import { readStandaloneSettings, startStandalone } from '@fingerpost/standalone';

const { LISTENED_TO, ...env } = process.env;
const exchange = new LocalExchange();
const deliver = exchange.deliver.bind(exchange);
exchange.deliver = (subject, frame, reply) => {
  appendFileSync(LISTENED_TO, `${subject} ${JSON.stringify(frame.headers)} `);
  appendFileSync(LISTENED_TO, frame.payload);
  appendFileSync(LISTENED_TO, '\n');
  deliver(subject, frame, reply);
};

await runUntilSignal(async () => {
  const product = await startStandalone(readStandaloneSettings(env), exchange);
  await product.whenReady();
  return product;
});
