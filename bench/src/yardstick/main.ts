// The yardstick: a server that works as ToolJump's does, for comparison only. It isolates nothing; never run it on code or a network
// that you do not trust.
import { loadCatalogue } from './catalogue.ts';
import { yardstickServer } from './server.ts';

const { PORT = '0', INTEGRATIONS = './integrations', TOKEN = '' } = process.env;

const catalogue = loadCatalogue(INTEGRATIONS);
const server = yardstickServer(catalogue, TOKEN).listen(Number(PORT), '127.0.0.1', () => {
  console.log(`The yardstick serves ${catalogue.length} integrations at`, server.address());
});
process.once('SIGTERM', () => process.exit(0));
