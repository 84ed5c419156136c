// The product by docker-compose.yml, as a process that lives until SIGTERM: what e2e/product.ts starts in place of the embedded one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectByTls } from 'node:tls';
import { runUntilSignal } from '@fingerpost/platform';
import { Deployment } from './deployment.ts';
import { lendLoopback } from './lend-loopback.ts';
import { openRelay } from './relay.ts';

const { PORT, FINGERPOST_DATA = '', FINGERPOST_INTEGRATIONS = '', FINGERPOST_TOKEN = '', ...rest } = process.env;
const NOBODY = '65532:65532'; // whom the images run as
const folder = mkdtempSync(join(tmpdir(), 'fingerpost-compose-'));

await runUntilSignal(async () => {
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
  writeFileSync(join(folder, 'keys/token'), FINGERPOST_TOKEN);
  mkdirSync(FINGERPOST_DATA, { recursive: true, mode: 0o700 });
  execFileSync('chown', ['--recursive', NOBODY, FINGERPOST_DATA]);

  const changes = { env: settingsIn(rest), gatewayData: FINGERPOST_DATA };
  const deployment = await Deployment.up({ folder, integrations: FINGERPOST_INTEGRATIONS, changes: () => changes });
  const takeLoopbackBack = await lendLoopback(deployment, changes.env);
  deployment.follow().pipe(process.stdout);
  const ca = readFileSync(join(deployment.keys, 'ca.crt'));
  const closeDoor = await openRelay('127.0.0.1', Number(PORT), () =>
    connectByTls({ host: '127.0.0.1', port: deployment.port, servername: 'localhost', ca }),
  );
  return {
    close: async () => {
      closeDoor();
      const wrong = await deployment.stop();
      takeLoopbackBack();
      await deployment.down();
      rmSync(folder, { recursive: true });
      if (wrong.length > 0) throw new Error(`Services did not end well: ${wrong.join(', ')}.`);
    },
  };
});

/**
 * What the product's containers are told. Whether failures are shown depends by default on where a gateway listens: in a container never on
 * loopback.
 */
function settingsIn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settings = Object.entries(env).filter(([name]) => /^(FINGERPOST_|INTEGRATION_|LOG_)/.test(name));
  const shown = env.FINGERPOST_TRUSTED_PROXIES === undefined ? { FINGERPOST_SHOW_FAILURES: 'true' } : {};
  return { ...shown, ...Object.fromEntries(settings) };
}
