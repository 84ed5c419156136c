import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  findPostgres,
  findServer,
  freePort,
  makeCertificate,
  startPostgres,
  startServer,
} from '@fingerpost/platform/testing';
import { ask, tell } from './testing/ask-engines.ts';
import { find, render } from './testing/chart.ts';

const IDENTITIES = join(import.meta.dirname, '../nats/dist/main.js');
/** NATS waits at its end for whoever holds a connection to its monitor. */
const CLOSING = { headers: { connection: 'close' } };
const hasHelm = findServer('helm') !== undefined;
const [nats, redis, bao, postgres] = [...['nats-server', 'redis-server', 'bao'].map(findServer), findPostgres()];
const when = (program: string | undefined) => (hasHelm && program !== undefined ? it : it.skip);

/** The real servers, told what the chart tells them, with this machine's paths and ports in place of a pod's. */
(hasHelm ? describe : describe.skip)('a bundled engine', () => {
  let folder: string;
  let cert: string;
  let key: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fingerpost-engine-'));
    ({ cert, key } = makeCertificate(folder));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (file: string, text: string | Buffer) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    return join(folder, file);
  };
  const configurationOf = (name: string, changes: [string | RegExp, string][] = []) =>
    Object.entries(find(render([]), 'ConfigMap', name).data!).map(([file, text]) => [
      file,
      changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text),
    ]) as [string, string][];

  when(nats)('NATS knows who is who, and says that it is well', async () => {
    const monitor = await freePort();
    for (const [file, text] of configurationOf('nats', [['8222', `${monitor}`]])) write(file, text);
    execFileSync(process.execPath, [IDENTITIES, join(folder, 'keys')]);
    write('identities.conf', readFileSync(join(folder, 'keys/server/identities.conf')));
    const environment = { NATS_STORE: join(folder, 'store'), NATS_TLS_CERT: cert, NATS_TLS_KEY: key };
    const options = (port: number) => ['-c', join(folder, 'server.conf'), '-a', '127.0.0.1', '-p', `${port}`];
    const server = await startServer(nats!, options, undefined, environment);
    expect((await fetch(`http://127.0.0.1:${monitor}/healthz?js-enabled-only=true`, CLOSING)).status).toBe(200);
    await server.stop();
  });

  when(redis)('Redis answers the gateway over TLS, and nobody else', async () => {
    write('redis_users', acl('secret'));
    write('redis_cert', readFileSync(cert));
    write('redis_key', readFileSync(key));
    const server = await startServer(redis!, (port) => {
      const changes: [string, string][] = [
        ['/run/secrets', folder],
        ['tls-port 6379', `tls-port ${port}`],
        ['dir /data', `dir ${folder}`],
      ];
      const [[, text]] = configurationOf('redis', changes) as [[string, string]];
      return [write('redis.conf', text)];
    });
    expect(await tell(server.port, cert, 'PING')).toMatch(/^-NOAUTH/);
    expect(await tell(server.port, cert, 'AUTH gateway secret')).toBe('+OK');
    await server.stop();
  });

  when(bao)(
    'OpenBao sets itself up, and lets the secrets service in to the root of signatures',
    async () => {
      const files = {
        unseal_key: randomBytes(32).toString('hex'),
        admin_password: 'x',
        role_id: 'role',
        secret_id: 'id',
      };
      for (const [name, text] of Object.entries(files)) write(`openbao_${name}`, text);
      write('openbao_cert', readFileSync(cert));
      write('openbao_key', readFileSync(key));
      mkdirSync(join(folder, 'data'));
      const clusterPort = await freePort();
      const server = await startServer(bao!, (port) => {
        const changes: [string, string][] = [
          ...([
            ['/run/secrets', folder],
            ['/etc/openbao/policies', join(folder, 'policies')],
          ] as [string, string][]),
          ...([
            ['0.0.0.0:8200', `127.0.0.1:${port}`],
            ['openbao:8200', `127.0.0.1:${port}`],
          ] as [string, string][]),
          ...([
            ['127.0.0.1:8201', `127.0.0.1:${clusterPort}`],
            ['"/data"', `"${join(folder, 'data')}"`],
          ] as [string, string][]),
        ];
        for (const [file, text] of configurationOf('openbao', changes))
          write(file === 'openbao.hcl' ? file : `policies/${file}`, text);
        return ['server', `-config=${join(folder, 'openbao.hcl')}`];
      });
      const login = { role_id: 'role', secret_id: 'id' };
      const logIn = async () => (await ask(server.port, 'POST', 'auth/approle/login', '', login)).auth?.client_token;
      let token = await logIn();
      for (; token === undefined; token = await logIn()) await sleep(100);
      expect((await ask(server.port, 'GET', 'transit/keys/fingerpost-root', token)).data).toMatchObject({
        type: 'ed25519',
      });
      expect((await ask(server.port, 'GET', 'sys/auth', token)).errors).toEqual([expect.stringContaining('denied')]);
      await server.stop();
    },
    60_000,
  );

  when(postgres)('Postgres has its roles with their passwords, however often it is told', async () => {
    const server = await startPostgres(postgres!);
    const changes: [string, string][] = [
      ['/run/secrets', folder],
      ['/sql/', `${folder}/`],
    ];
    for (const [file, text] of configurationOf('fingerpost-migrate', changes)) write(file, text);
    write('postgres_migrate_password', 'one');
    write('postgres_registry_password', 'two');
    const run = () =>
      execFileSync(join(postgres!, 'psql'), [
        '-X',
        '-v',
        'ON_ERROR_STOP=1',
        '-f',
        join(folder, 'logins.sql'),
        server.url,
      ]);
    run();
    run();
    const roles =
      "SELECT count(*) FROM pg_authid WHERE rolname LIKE 'fingerpost%' AND rolpassword LIKE 'SCRAM-SHA-256%'";
    expect(server.run(roles).trim()).toBe('2');
    await server.stop();
  });
});

const acl = (password: string): string =>
  readFileSync(join(import.meta.dirname, '../redis/users.acl'), 'utf8').replaceAll(
    'GATEWAY_PASSWORD_SHA256',
    createHash('sha256').update(password).digest('hex'),
  );
