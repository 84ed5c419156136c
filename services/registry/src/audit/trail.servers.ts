import { createLog } from '@fingerpost/platform';
import { openServer } from '@fingerpost/platform/database';
import { findPostgres, type RealPostgres, startPostgres } from '@fingerpost/platform/testing';
import { trailContract } from './trail.contract.ts';

const program = findPostgres();

(program === undefined ? describe.skip : describe)('the audit trail in a Postgres server', () => {
  let server: RealPostgres;
  beforeAll(async () => {
    server = await startPostgres(program!);
  });
  afterAll(() => server.stop());

  trailContract(async () => openServer({ url: server.url }, createLog('test', { level: 'silent', format: 'json' })));
});
