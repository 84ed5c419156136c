import { Fault } from '@fingerpost/contracts';
import { Failures } from './failures.ts';

const version = { name: 'on-call', digest: '0123456789abcdef' };

describe('failures', () => {
  it('are told with place, version and what to do', () => {
    const failures = new Failures();
    const detail = { file: 'on-call.integration.js', line: 3, column: 7, stack: 'TypeError: x\n    at run' };
    failures.keep('a1', version, new Fault('run.timed_out', 'The run took longer than 5000 ms.', { detail }));
    expect(failures.get('a1')).toMatchObject({
      ...{ id: 'a1', integration: 'on-call', version: '0123456789ab', code: 'run.timed_out', ...detail },
      next: expect.stringContaining('Promise.all'),
    });
  });

  it('say nothing of an error that is ours', () => {
    const kept = new Failures().keep('a1', version, new Error('password at 10.0.0.1'));
    expect(JSON.stringify(kept)).not.toContain('password');
  });

  it('forget the oldest', () => {
    const failures = new Failures();
    for (let n = 0; n <= 500; n++) failures.keep(String(n), version, new Error());
    expect(failures.get('0')).toBeUndefined();
    expect(failures.get('500')).toBeDefined();
  });
});
