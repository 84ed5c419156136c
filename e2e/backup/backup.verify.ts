import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from '@fingerpost/local';
import { Administrator } from '../cluster/administrator.ts';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { Ground, type Seen } from '../cluster/ground.ts';
import { Rows, unexpected } from '../cluster/rows.ts';
import { commandsOf } from '../commands-of.ts';

const TRAIL = join(import.meta.dirname, '../../services/registry/dist/audit/audit-trail.cli.js');

/** docs/operations/backup.md, word for word. */
describeOnCluster('a backup', () => {
  let home: string;
  let before: Ground;
  let after: Ground | undefined;
  let administrator: Administrator;
  let head: string;
  let rootKeys: object;
  let seen: Seen;
  const rows = new Rows();
  const backup = () => join(home, 'backup');

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'fingerpost-backup-'));
    before = await Ground.start({ env: Administrator.env });
    administrator = await Administrator.enter(before.cluster.url);
    seen = await before.whileAsked(() => doAsWritten('Back up', reachOf(before.cluster)));
    rows.add('a backup is taken', seen);
    head = await headOf(before.cluster);
    await happensLate(before.cluster);
    const { keys } = before.cluster.engines.vault;
    rootKeys = await before.cluster.engines.vault.rootKeys();
    const { cacheKey } = before.cluster.addresses;
    await before.stopCluster();
    after = await before.onAnother({
      cacheKey,
      env: Administrator.env,
      prepare: (folder) => doAsWritten('Before NATS and Redis start', filesOf(folder)),
      restore: async ({ vault, postgres }) => {
        const reach = { VAULT_ADDR: vault.url, VAULT_TOKEN: vault.keys.rootToken, DATABASE_URL: postgres.url };
        await doAsWritten('When Vault and the database run', { BACKUP: backup(), ...reach });
        vault.keys = keys;
        await vault.unseal();
      },
    });
  }, 240_000);

  afterAll(async () => {
    await after?.stop();
    await rows.tell();
    await rm(home, { recursive: true, force: true });
  }, 60_000);

  const filesOf = (folder: string) => ({
    BACKUP: backup(),
    NATS_IDENTITIES: join(folder, 'nats'),
    NATS_STORE: join(folder, 'nats-store'),
    REDIS_DIR: join(folder, 'redis'),
  });
  const reachOf = ({ addresses, engines: { vault, postgres } }: Cluster) => ({
    ...filesOf(addresses.folder),
    ...{ DATABASE_URL: postgres.url, VAULT_ADDR: vault.url, VAULT_TOKEN: vault.keys.rootToken },
  });

  /** While no registry reads what NATS keeps. */
  async function happensLate(cluster: Cluster): Promise<void> {
    await Promise.all(cluster.named('registry').map((child) => child.stop()));
    await Administrator.enter(cluster.url);
    await cluster.engines.nats.child.stop();
    await doAsWritten('What NATS still has', reachOf(cluster));
  }

  it('is taken while people ask, and nobody notices', () => {
    expect(unexpected(seen)).toEqual([]);
    expect(seen.repeated).toEqual([]);
  });

  it('holds no value of a secret in plain sight', async () => {
    const grep = promisify(execFile)('grep', ['-r', '-l', 'upstream-token-0123456789', backup()]);
    await expect(grep).rejects.toMatchObject({ code: 1 }); // found nowhere
    expect(await readdir(backup())).toEqual(expect.arrayContaining(['vault.snap', 'database.dump', 'nats', 'redis']));
  });

  it('answers again, with what integrations are lent', () => after!.isWhole(), 60_000);

  it('knows people, their sessions and their API tokens', async () => {
    expect(await administrator.statusesAt(after!.cluster.url)).toEqual({ session: 200, token: 200 });
  });

  it('has the audit trail, unbroken to the head that was remembered', async () => {
    expect(await verify(after!.cluster, head)).toContain('hold');
  });

  it('has what waited in NATS to be written into the trail', async () => {
    const entries = (await administrator.trail(after!.cluster.url)).filter(
      ({ event }) => event.action === 'break_glass.used',
    );
    expect(entries).toHaveLength(2);
    expect(Math.max(...entries.map(({ seq }) => seq))).toBeGreaterThan(Number(head.split(':')[0]));
  });

  it('has the same root of all signatures', async () => {
    expect(await after!.cluster.engines.vault.rootKeys()).toEqual(rootKeys);
  });
}, ['pg_dump', 'pg_restore']);

async function verify({ engines }: Cluster, head?: string): Promise<string> {
  const args = [TRAIL, 'verify', ...(head === undefined ? [] : [head])];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: engines.postgres.url },
  });
  return stdout;
}

const headOf = async (cluster: Cluster): Promise<string> => /\d+:[0-9a-f]{64}/.exec(await verify(cluster))![0];

/** What the page tells people to do, done. @throws with what was said */
async function doAsWritten(heading: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { PATH, HOME } = process.env;
  const shell = { env: { PATH, HOME, ...env } };
  await promisify(execFile)('sh', ['-euc', commandsOf('backup.md', heading)], shell);
}
