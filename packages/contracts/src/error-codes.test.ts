import { inspect } from 'node:util';
import { ERROR_CODES, Fault, isFault } from './error-codes.ts';

describe('a fault', () => {
  it('carries its code, sentence, cause and detail', () => {
    const cause = new Error('inside');
    const fault = new Fault('run.failed', 'It failed.', { cause, detail: { line: 3 } });
    expect(fault).toMatchObject({
      name: 'Fault',
      code: 'run.failed',
      message: 'It failed.',
      cause,
      detail: { line: 3 },
    });
    expect(inspect(fault)).toContain('inside');
  });

  it('is known by its name and code, not by its class', () => {
    expect(isFault(new Fault('internal', 'x'))).toBe(true);
    expect(isFault(Object.assign(new Error('x'), { name: 'Fault', code: 'internal' }))).toBe(true);
    for (const other of [
      new Error('x'),
      Object.assign(new Error('x'), { code: 'EPIPE' }),
      'Fault',
      null,
      undefined,
      {},
    ])
      expect(isFault(other)).toBe(false);
  });

  it('has a code of its own for every way to fail', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
    for (const code of ERROR_CODES) expect(code).toMatch(/^[a-z]+(\.[a-z_]+)?$/);
  });
});
