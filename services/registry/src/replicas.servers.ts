/** Several registries on one Postgres server, and what may happen to them. */
import { type GrantList, registrySubjects } from '@fingerpost/contracts';
import { Secret, type Service } from '@fingerpost/platform';
import { type Database, openServer } from '@fingerpost/platform/database';
import { findPostgres, type RealPostgres, startPostgres } from '@fingerpost/platform/testing';
import { sql } from 'drizzle-orm';
import { readTrail, verifyTrail } from './audit/trail.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { StoreFollower } from './catalogue/store-follower.ts';
import { Draft } from './lead/draft.ts';
import { CatalogueStore } from './store/catalogue-store.ts';
import { openStore } from './store/open-store.ts';
import { Company, integration, log } from './testing/company.ts';
import { fresh } from './testing/fresh-database.ts';
import { until } from './testing/until.ts';

const program = findPostgres();
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

(program === undefined ? describe.skip : describe)('registries on one server', () => {
  let server: RealPostgres;
  let company: Company;
  let replicas: { database: Database; service: Service }[];
  let own: Database;

  beforeAll(async () => {
    server = await startPostgres(program!);
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    own = openServer({ url: server.url }, log);
    await fresh(own);
    company = await Company.start();
    company.answerInspections();
    replicas = [];
  });
  afterEach(async () => {
    await Promise.all(replicas.map(stop));
    await own.close();
    await company.close();
  }, 60_000); // what is asked of a connection that has died without a word ends after 16 s

  const start = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const database = openServer({ url: server.url }, log);
      replicas.push({ database, service: await company.startRegistry(database) });
    }
  };
  const stop = async ({ database, service }: (typeof replicas)[0]) => {
    await service.close();
    await database.close();
  };
  /** Every replica answers it: the bus chooses among them. */
  const allServe = (...names: string[]) =>
    until(async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => company.names()));
      return answers.every((answer) => same(answer, names));
    });
  const leadersPid = () =>
    server.run(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7310002`).trim();

  it('serve alike, and one of them builds', async () => {
    await company.write('a.integration.js', integration('service-owner'));
    await start(3);
    await allServe('service-owner');
    await company.write('b.integration.js', integration('chat-channel'));
    await allServe('chat-channel', 'service-owner');
    expect(company.inspected).toHaveLength(2);
  });

  it('never give whoever has heard of an epoch an older one', async () => {
    await start(3);
    await allServe();
    for (let n = 0; n < 5; n++) {
      const before = (await company.match()).epoch;
      await company.write('a.integration.js', integration(`name-${n}`));
      const epoch = await until(async () => {
        const reply = await company.match();
        return reply.epoch > before && reply.epoch;
      });
      const replies = await Promise.all(Array.from({ length: 12 }, () => company.match({ epoch })));
      for (const reply of replies) expect(reply.epoch).toBeGreaterThanOrEqual(epoch);
      const list = await company.verifier.verify<GrantList>(
        'grant-list',
        await company.bytes(registrySubjects.grants, { nonce: 'n', epoch }),
      );
      expect(list.epoch).toBeGreaterThanOrEqual(epoch);
    }
  });

  it('go on when the leader goes: another one builds what comes next, within seconds', async () => {
    await company.write('a.integration.js', integration('service-owner'));
    await start(2);
    await allServe('service-owner');
    const [leader, other] = replicas.splice(0);
    replicas.push(other!);
    await stop(leader!);
    expect(await company.names()).toEqual(['service-owner']);
    await company.write('b.integration.js', integration('chat-channel'));
    await allServe('chat-channel', 'service-owner');
    expect(company.inspected).toHaveLength(2);
  });

  it('go on when the leader’s connection is cut', async () => {
    await company.write('a.integration.js', integration('service-owner'));
    await start(3);
    await allServe('service-owner');
    const before = leadersPid();
    server.run(`SELECT pg_terminate_backend(${before})`);
    await until(() => leadersPid() !== '' && leadersPid() !== before);
    await company.write('b.integration.js', integration('chat-channel'));
    await allServe('chat-channel', 'service-owner');
    expect(await verifyTrail(readTrail(own.sql))).toMatchObject({ seq: 4 });
  });

  it('refuse what a leader writes that was only slow: another term has begun', async () => {
    const store = new CatalogueStore(own);
    const [first, second] = [await store.beginTerm(), await store.beginTerm()];
    const late = new Draft(first.saved);
    late.integrations.refuse('late.integration.js', { file: 'late.integration.js', message: 'late' }, 0);
    await expect(store.save(late.take().change, first.term)).rejects.toMatchObject({ name: 'TermOver' });
    await store.save(new Draft(second.saved).take().change, second.term);
    expect((await store.load())!.files).toEqual([]);
    expect(await verifyTrail(readTrail(own.sql))).toMatchObject({ seq: 0 });
  });

  it('see a change of which no word came', async () => {
    await start(1);
    await allServe();
    const catalogue = new Catalogue();
    const deaf = Object.assign(new CatalogueStore(own), { listen: () => () => {} });
    const follower = new StoreFollower(deaf, catalogue, log, () => {});
    follower.start();
    await company.write('a.integration.js', integration('service-owner'));
    await until(() => catalogue.served.length === 1);
    await follower.close();
  });

  it('answer from what they know while the server restarts in the middle of changes, and agree afterwards', async () => {
    await company.write('a.integration.js', integration('service-owner'));
    await start(3);
    await allServe('service-owner');
    const { digest } = (await company.match()).integrations[0]!;

    let isOver = false;
    let asked = 0;
    const asking = (async () => {
      while (!isOver) {
        expect(await company.names()).toContain('service-owner');
        expect(await company.bytes(registrySubjects.bundle, { digest })).toContain('service-owner');
        await company.verifier.verify('grant-list', await company.bytes(registrySubjects.grants, { nonce: 'n' }));
        asked++;
      }
    })();
    const names: string[] = [];
    for (let n = 0; n < 12; n++) {
      names.push(`name-${n}`);
      await company.write(`n${n}.integration.js`, integration(`name-${n}`));
      if (n === 4) await server.restart('immediate');
      if (n === 8) await server.restart('fast', () => new Promise((resolve) => setTimeout(resolve, 1_000)));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await allServe(...[...names, 'service-owner'].sort());
    isOver = true;
    await asking;
    expect(asked).toBeGreaterThan(20);
    const served = (await Array.fromAsync(readTrail(own.sql))).filter(({ event }) => event.includes('version.served'));
    expect(served).toHaveLength(13);
    await verifyTrail(readTrail(own.sql));
  });

  it('say how long they have not seen the server', async () => {
    await start(1);
    await allServe();
    const list = async () =>
      company.verifier.verify<GrantList>('grant-list', await company.bytes(registrySubjects.grants, { nonce: 'n' }));
    expect((await list()).ageMs).toBeLessThan(1_500);
    await server.restart('fast', async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect((await list()).ageMs).toBeGreaterThan(1_500);
    });
    await until(async () => (await list()).ageMs! < 1_000);
  });

  it('begin a later epoch, and later revisions, on an old backup', async () => {
    await company.write('a.integration.js', integration('service-owner'));
    await start(1);
    await allServe('service-owner');
    const before = await company.match();
    await stop(replicas.pop()!);
    await own.sql.execute(sql`UPDATE catalogue SET epoch = 1, term = 1`);
    await own.sql.execute(sql`DELETE FROM files`);
    await own.sql.execute(sql`DELETE FROM grants`);
    await start(1);
    await allServe('service-owner');
    const after = await company.match();
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(after.integrations[0]!.grantRevision).toBeGreaterThan(before.integrations[0]!.grantRevision);
  });

  describe('that start', () => {
    const settings = () => ({ databaseUrl: new Secret(server.url) });

    it('are told to migrate first', async () => {
      await own.sql.execute(sql`DROP SCHEMA public CASCADE`);
      await own.sql.execute(sql`DROP SCHEMA drizzle CASCADE`);
      await own.sql.execute(sql`CREATE SCHEMA public`);
      await expect(openStore(settings(), log)).rejects.toThrow('run "npm run migrate"');
    });

    it('work with a newer schema that only added something, and with no other', async () => {
      await own.sql.execute(
        sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('of a later release', 9999999999999)`,
      );
      await (await openStore(settings(), log)).close();
      await own.sql.execute(sql`UPDATE catalogue SET least_migrations = 99`);
      await expect(openStore(settings(), log)).rejects.toThrow('by a newer release');
    });

    it('wait for a server that is not there yet', async () => {
      let opened: Promise<Database>;
      await server.restart('fast', async () => {
        opened = openStore(settings(), log);
        await new Promise((resolve) => setTimeout(resolve, 500));
      });
      await (await opened!).close();
    });
  });
});
