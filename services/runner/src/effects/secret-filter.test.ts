import { Fault } from '@fingerpost/contracts';
import { Secret } from '@fingerpost/platform';
import { SecretFilter } from './secret-filter.ts';

const VALUE = 'a/"canary" of &=';
const filter = new SecretFilter({ fp0123: 'TOKEN' }, [new Secret(VALUE)]);

describe('what a run was given for its secrets', () => {
  it('is taken out of lines for the log, in the usual encodings', () => {
    for (const form of [VALUE, JSON.stringify(VALUE).slice(1, -1), encodeURIComponent(VALUE), btoa(VALUE)])
      expect(filter.text(`before ${form}`)).toMatch(/^before \[redacted\].{0,4}$/);
  });

  it('is taken out of lines that were cut in the middle of it', () => {
    expect(filter.text(`before ${VALUE.slice(0, -3)}`)).toBe('before [redacted]');
    expect(filter.text(`Its last call was GET https://a.b/${VALUE.slice(0, 6)}….`)).toMatch(/b\/\[redacted\]….$/);
  });

  it('is taken out of a fault, stack and all, and the rest of it stays', () => {
    const fault = new Fault('run.failed', `x ${VALUE}`, { detail: { stack: `at ${VALUE}`, isRepeatable: true } });
    expect(filter.fault(fault)).toMatchObject({
      code: 'run.failed',
      message: 'x [redacted]',
      detail: { stack: 'at [redacted]', isRepeatable: true },
    });
    const foreign = new Error('not ours');
    expect(filter.fault(foreign)).toBe(foreign);
  });

  it('is refused where it would stay', () => {
    expect(() => filter.refuse({ a: [VALUE] }, 'This')).toThrow('This holds the value of a secret');
    expect(() => filter.refuse('xfp0123', 'This')).toThrow('the placeholder of the secret TOKEN');
    expect(() => filter.refuse({ a: 1 }, 'This')).not.toThrow();
  });

  it('is not found when code hides it: this is no boundary', () => {
    expect(() => filter.refuse([...VALUE].reverse().join(''), 'This')).not.toThrow();
  });
});
