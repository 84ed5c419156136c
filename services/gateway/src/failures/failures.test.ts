import { Fault } from '@fingerpost/contracts';
import { Failures } from './failures.ts';

const version = { name: 'on-call', digest: '0123456789abcdef' };

describe('failures', () => {
  it('are told with place, version and what to do', () => {
    const failures = new Failures();
    const detail = { file: 'on-call.integration.js', line: 3, column: 7, stack: 'TypeError: x\n    at run' };
    failures.keep('a1', version, 'org', new Fault('run.timed_out', 'The run took longer than 5000 ms.', { detail }));
    expect(failures.get('a1', 'token:anybody')).toMatchObject({
      ...{ id: 'a1', integration: 'on-call', version: '0123456789ab', code: 'run.timed_out', ...detail },
      next: expect.stringContaining('Promise.all'),
    });
  });

  it('say nothing of an error that is ours', () => {
    const kept = new Failures().keep('a1', version, 'org', new Error('password at 10.0.0.1'));
    expect(JSON.stringify(kept)).not.toContain('password');
  });

  it('forget the oldest', () => {
    const failures = new Failures();
    for (let n = 0; n <= 500; n++) failures.keep(String(n), version, 'org', new Error());
    expect(failures.get('0', 'token:anybody')).toBeUndefined();
    expect(failures.get('500', 'token:anybody')).toBeDefined();
  });

  it('of code that was told who looks are told to that viewer alone', () => {
    const failures = new Failures();
    failures.keep('a1', version, 'token:ann', new Fault('run.failed', 'ann@acme.dev has no pager'));
    expect(failures.get('a1', 'token:ann')).toBeDefined();
    expect(failures.get('a1', 'token:ben')).toBeUndefined();
  });

  it('are kept in few words, whatever a sandbox says', () => {
    const long = 'x'.repeat(1_000_000);
    const kept = new Failures().keep('a1', version, 'org', new Fault('run.failed', long, { detail: { stack: long } }));
    expect(JSON.stringify(kept).length).toBeLessThan(10_000);
  });
});
