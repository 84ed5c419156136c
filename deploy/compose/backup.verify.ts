import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { freePort } from '@fingerpost/platform/testing';
import { Administrator } from '../../e2e/cluster/administrator.ts';
import { commandsOf } from '../../e2e/commands-of.ts';
import { describeWithCompose } from './describe-with-compose.ts';
import { type Ground, prepareGround } from './src/testing/ground.ts';
import { isLent, LENT_TOKEN, lendSecret } from './src/testing/lent.ts';
import { openRelay } from './src/testing/relay.ts';
import { until } from './src/testing/until.ts';
import { type Seen, whileAsked } from './src/testing/while-asked.ts';

const VERIFY =
  'docker exec "$(docker-compose ps -q registry | head -n 1)" node /app/services/registry/dist/audit/audit-trail.cli.js verify';
const ROOT_KEY =
  'docker exec "$(docker-compose ps -q secrets | head -n 1)" node /app/services/secrets/dist/secrets.cli.js root-key';

/** docs/operations/backup.md, "By compose", word for word, down to `down --volumes` and back. */
describeWithCompose('a backup, by compose,', () => {
  let home: string;
  let ground: Ground;
  let administrator: Administrator;
  let address: string;
  let closeRelay: () => void;
  let seen: Seen;
  let head: string;
  let rootKeys: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'fingerpost-backup-'));
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    ground = await prepareGround(10, { env: { ...Administrator.env, FINGERPOST_URL: `http://localhost:${port}` } });
    const { deployment, door } = ground;
    closeRelay = await openRelay('127.0.0.1', port, () =>
      connect({ host: 'localhost', port: door.port, servername: 'localhost', ca: door.ca }),
    );
    await lendSecret(ground);
    await until(() => isLent(ground));
    administrator = await Administrator.enter(address);
    seen = await whileAsked(door, 'Back up', () => commands('Back up', 'By compose'));
    head = /\d+:[0-9a-f]{64}/.exec(await deployment.type(VERIFY))![0];
    rootKeys = await rootKeysOf();
    await deployment.compose('down', '--volumes');
    await rm(deployment.keys, { recursive: true });
    await commands('Restore', 'By compose');
    await deployment.isReady();
    await until(() => isLent(ground));
  }, 600_000);
  afterAll(async () => {
    closeRelay?.();
    await ground?.close();
    await rm(home, { recursive: true, force: true });
  }, 120_000);

  const backup = () => join(home, 'backup');
  const commands = (...headings: string[]) =>
    ground.deployment.type(commandsOf('backup.md', ...headings), { BACKUP: backup() });
  const rootKeysOf = () => ground.deployment.type(ROOT_KEY);

  it('is taken while people ask, and nobody notices', () => {
    expect(seen).toEqual({ wrong: {}, shut: 0 });
  });

  it('holds no value of a secret in plain sight', async () => {
    const grep = promisify(execFile)('grep', ['-r', '-l', LENT_TOKEN, backup()]);
    await expect(grep).rejects.toMatchObject({ code: 1 }); // found nowhere
  });

  it('answers again, with what integrations are lent', async () => {
    expect(await isLent(ground)).toBe(true);
  });

  it('knows people, their sessions and their API tokens', async () => {
    expect(await administrator.statusesAt(address)).toEqual({ session: 200, token: 200 });
  });

  it('has the audit trail, unbroken to the head that was remembered', async () => {
    expect(await ground.deployment.type(`${VERIFY} ${head}`)).toContain('hold');
  });

  it('has the same root of all signatures', async () => {
    expect(await rootKeysOf()).toBe(rootKeys);
  });
});
