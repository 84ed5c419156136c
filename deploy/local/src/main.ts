// `npm run cluster`: the product as production has it, on one machine, until SIGTERM or Ctrl-C. Settings as for `npm start`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runUntilSignal } from '@fingerpost/platform';
import { Cluster } from './cluster.ts';
import { howMany } from './how-many.ts';

const { FINGERPOST_DATA, PORT = '3000', LOG_FORMAT, ...env } = process.env;
// Never what `npm start` keeps: each start makes new keys, a new database and a new Vault.
const folder = resolve(FINGERPOST_DATA || mkdtempSync(join(tmpdir(), 'fingerpost-cluster-')));
if (!FINGERPOST_DATA) process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
const isForMachines = (LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'json';

await runUntilSignal(async () => {
  const cluster = await Cluster.start({
    folder,
    port: Number(PORT),
    ...howMany(process.argv.slice(2)),
    env: { ...settingsIn(env), LOG_FORMAT: isForMachines ? 'json' : 'pretty' },
    onLine: (name, line) => console.log(isForMachines ? line : `${name.padEnd(11)} ${line}`),
  });
  sayWhereToLook(cluster);
  return { close: () => cluster.stop() };
});

function settingsIn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => /^(FINGERPOST_|INTEGRATION_|LOG_|OTEL_|NODE_ENV)/.test(name)),
  );
}

/** Apart from the log, which may go to a machine. */
function sayWhereToLook({ url, services, engines }: Cluster): void {
  const lines = [
    ['The bar', url],
    ['API token', join(folder, 'token')],
    ['OpenBao', `${engines.vault.url}, token in ${join(folder, 'vault/root-token')}`],
    ...[...services].map(([name, { pid }]) => [name, `process ${pid}`]),
  ];
  console.error(
    `\n  The cluster is ready.\n\n${lines.map(([what, where]) => `    ${what!.padEnd(13)} ${where}`).join('\n')}\n`,
  );
}
