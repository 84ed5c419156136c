/** How each engine of a cluster is made to show a certificate, and another one later. */
import { chown, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, Cluster } from '@fingerpost/local';
import { freePort } from '@fingerpost/platform/testing';
import type { Certified } from '../../deploy/compose/src/authority.ts';
import type { Shown } from './certificates.ts';
import { withSettings } from './with-settings.ts';

/** Restarted: a command would do, but the gateways' Redis has nobody who may say it. */
export async function redisShows({ engines: { redis }, addresses }: Cluster): Promise<Shown> {
  const port = await freePort();
  const [cert, key] = filesIn(join(addresses.folder, 'redis'));
  const tls = ['--tls-port', `${port}`, '--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no'];
  const withTls: Change = (program) =>
    program.args.includes('--tls-port') ? program : { ...program, args: [...program.args, ...tls] };
  return {
    port,
    askedBy: 'gateway',
    tell: (ca) => (program) => {
      const url = new URL(program.env.REDIS_URL!);
      url.protocol = 'rediss:';
      url.port = `${port}`;
      return withSettings({ REDIS_URL: url.href, REDIS_CA: ca })(program);
    },
    show: async (certified) => {
      await write([cert, key], certified);
      await redis.restart(withTls);
    },
  };
}

/** Told to look at its files again: connections that are open go on. */
export async function postgresShows({ engines: { postgres } }: Cluster): Promise<Shown> {
  const files = filesIn(postgres.run('SHOW data_directory').trim());
  const rules = postgres.run('SHOW hba_file').trim();
  await writeFile(rules, `hostnossl all fingerpost_registry all reject\n${await readFile(rules, 'utf8')}`);
  return {
    port: postgres.port,
    isPostgres: true,
    askedBy: 'registry',
    tell: (ca) => withSettings({ DATABASE_CA: ca }),
    show: async (certified) => {
      await write(files, certified);
      if (process.getuid?.() === 0) for (const file of files) await chown(file, 65_534, 65_534); // whose it is
      postgres.run('ALTER SYSTEM SET ssl = on');
      postgres.run('SELECT pg_reload_conf()');
    },
  };
}

/** By SIGHUP, on an address of its own: its administrator stays where they were. */
export async function vaultShows({ engines: { vault }, addresses }: Cluster): Promise<Shown> {
  const [port, clusterPort] = [await freePort(), await freePort()];
  const [cert, key] = filesIn(join(addresses.folder, 'vault'));
  let isListening = false;
  return {
    port,
    askedBy: 'secrets',
    tell: (ca) => withSettings({ VAULT_ADDR: `https://127.0.0.1:${port}`, VAULT_CACERT: ca }),
    show: async (certified) => {
      await write([cert, key], certified);
      if (isListening) return vault.engine.child.signal('SIGHUP');
      await vault.configure(
        (text) => `${text}
listener "tcp" {
  address         = "127.0.0.1:${port}"
  cluster_address = "127.0.0.1:${clusterPort}"
  tls_cert_file   = "${cert}"
  tls_key_file    = "${key}"
}
`,
      );
      await vault.unseal();
      isListening = true;
    },
  };
}

const filesIn = (folder: string): [cert: string, key: string] => [
  join(folder, 'server.crt'),
  join(folder, 'server.key'),
];

async function write([cert, key]: [string, string], certified: Certified): Promise<void> {
  await writeFile(cert, certified.cert);
  await writeFile(key, certified.key, { mode: 0o600 });
}
