import { type CatalogueReply, type EpochNotice, registrySubjects } from '@fingerpost/contracts';
import type { Service, Verifier } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import type { RegistrySettings } from '../config.ts';
import { Company } from '../testing/company.ts';
import { fresh } from '../testing/fresh-database.ts';
import { until } from '../testing/until.ts';

export type RegistryUnderTest = ReturnType<typeof registryUnderTest>;

/** One registry for each test, on a database that is emptied, in a company that is new. */
export function registryUnderTest(open: () => Promise<Database>) {
  let database: Database;
  let company: Company;
  let registry: Service;
  let notices: EpochNotice[];

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    await fresh(database);
    company = await Company.start();
    notices = [];
    company.bus.subscribe(registrySubjects.epoch, (notice) => void notices.push(notice as EpochNotice));
  });

  afterEach(async () => {
    await registry.close();
    await company.close();
  });

  const start = async (settings: Partial<RegistrySettings> = {}) => {
    registry = await company.startRegistry(database, settings);
  };
  const match = () => company.match();
  const catalogue = () => company.bus.request<CatalogueReply>(registrySubjects.catalogue, {}, { timeoutMs: 15_000 });

  return {
    start,
    stop: () => registry.close(),
    company: () => company,
    database: () => database,
    notices: () => notices,
    answerInspections: () => company.answerInspections(),
    write: (file: string, text: string) => company.write(file, text),
    remove: (file: string) => company.remove(file),
    bytes: (subject: string, message: object) => company.bytes(subject, message),
    verify: <T>(...signed: Parameters<Verifier['verify']>) => company.verifier.verify<T>(...signed),
    match,
    catalogue,
    /** Waits until exactly these are served. */
    serving: (...names: string[]) =>
      until(async () => {
        const reply = await match();
        return JSON.stringify(reply.integrations.map(({ name }) => name)) === JSON.stringify(names) && reply;
      }),
    /** Waits until the catalogue says so of a file. */
    entry: (file: string, state: string) =>
      until(async () => (await catalogue()).entries.find((one) => one.file === file && one.state === state)),
  };
}
