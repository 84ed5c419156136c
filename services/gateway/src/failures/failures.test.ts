import { Fault } from '@fingerpost/contracts';
import { memoryCache } from '../answer/results/memory-cache.ts';
import { Failures } from './failures.ts';

const version = { name: 'on-call', digest: '0123456789abcdef', groups: [] as string[] };
const viewer = (subject: string, ...groups: string[]) => ({ subject, groups, roles: [] });
const anybody = viewer('token:anybody');
const setUp = () => new Failures(memoryCache({ bytes: 1_000_000 }));

describe('failures', () => {
  it('are told with place, version and what to do', async () => {
    const failures = setUp();
    const detail = { file: 'on-call.integration.js', line: 3, column: 7, stack: 'TypeError: x\n    at run' };
    failures.keep('a1', version, 'org', new Fault('run.timed_out', 'The run took longer than 5000 ms.', { detail }));
    expect(await failures.get('a1', anybody)).toMatchObject({
      id: 'a1',
      integration: 'on-call',
      version: '0123456789ab',
      code: 'run.timed_out',
      ...detail,
      next: expect.stringContaining('Promise.all'),
    });
  });

  it('say nothing of an error that is ours', () => {
    const kept = setUp().keep('a1', version, 'org', new Error('password at 10.0.0.1'));
    expect(JSON.stringify(kept)).not.toContain('password');
  });

  it('of code that was told who looks are told to that viewer alone', async () => {
    const failures = setUp();
    failures.keep('a1', version, 'token:ann', new Fault('run.failed', 'ann@acme.dev has no pager'));
    expect(await failures.get('a1', viewer('token:ann'))).toBeDefined();
    expect(await failures.get('a1', viewer('token:ben'))).toBeUndefined();
  });

  it('of code for some groups are told to them alone', async () => {
    const failures = setUp();
    failures.keep('a1', { ...version, groups: ['sre', 'platform'] }, 'org', new Fault('run.failed', 'no pager'));
    expect(await failures.get('a1', viewer('token:ann', 'sre'))).toBeDefined();
    expect(await failures.get('a1', viewer('token:ben', 'sales'))).toBeUndefined();
    expect(await failures.get('a1', anybody)).toBeUndefined();
  });

  it('are known to every gateway that shares their cache', async () => {
    const shared = memoryCache({ bytes: 1_000_000 });
    new Failures(shared).keep('a1', version, 'org', new Fault('run.failed', 'no pager'));
    expect(await new Failures(shared).get('a1', anybody)).toBeDefined();
  });

  it('of this gateway are known while what gateways share is away', async () => {
    const away = {
      read: async () => Promise.reject(new Error('away')),
      write: async () => Promise.reject(new Error('away')),
    };
    const failures = new Failures(away);
    failures.keep('a1', version, 'org', new Fault('run.failed', 'no pager'));
    expect(await failures.get('a1', anybody)).toBeDefined();
    expect(await failures.get('a2', anybody)).toBeUndefined();
  });

  it('are kept in few words, whatever a sandbox says', () => {
    const long = 'x'.repeat(1_000_000);
    const kept = setUp().keep('a1', version, 'org', new Fault('run.failed', long, { detail: { stack: long } }));
    expect(JSON.stringify(kept).length).toBeLessThan(10_000);
  });
});
