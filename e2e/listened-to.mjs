// The product, with everything that its bus carries written to the file `bus` beside its integrations.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalExchange, runUntilSignal } from '@fingerpost/platform';
import { readStandaloneSettings, startStandalone } from '@fingerpost/standalone';

const settings = readStandaloneSettings(process.env);
const heard = join(settings.registry.integrationsFolder, 'bus');
const exchange = new LocalExchange();
const deliver = exchange.deliver.bind(exchange);
exchange.deliver = (subject, frame, reply) => {
  appendFileSync(heard, `${subject} ${JSON.stringify(frame.headers)} `);
  appendFileSync(heard, frame.payload);
  appendFileSync(heard, '\n');
  deliver(subject, frame, reply);
};

await runUntilSignal(async () => {
  const product = await startStandalone(settings, exchange);
  await product.whenReady();
  return product;
});
