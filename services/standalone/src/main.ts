import { runUntilSignal } from '@fingerpost/platform';
import { readStandaloneSettings } from './config.ts';
import { sayWhereToLook, startStandalone } from './start-standalone.ts';

await runUntilSignal(async (settings) => {
  const product = await startStandalone(settings);
  await product.whenReady();
  sayWhereToLook(product, settings);
  return product;
}, readStandaloneSettings);
