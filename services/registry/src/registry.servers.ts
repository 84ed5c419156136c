import { createLog } from '@fingerpost/platform';
import { openServer } from '@fingerpost/platform/database';
import { findPostgres, type RealPostgres, startPostgres } from '@fingerpost/platform/testing';
import { registryContract } from './registry.contract.ts';

const program = findPostgres();

(program === undefined ? describe.skip : describe)('the registry on a Postgres server', () => {
  let server: RealPostgres;
  beforeAll(async () => {
    server = await startPostgres(program!);
  });
  afterAll(() => server.stop());

  registryContract(async () => openServer({ url: server.url }, createLog('test', { level: 'silent', format: 'json' })));
});
