import type { RunUse } from '@fingerpost/contracts';
import { RunTally } from './run-tally.ts';

const use = (jti: string, change: Partial<RunUse> = {}): RunUse => ({
  ...{ jti, runnerId: 'r1', calls: 1, bytes: 0, mostCalls: 2, mostBytes: 100, forgetAt: 2_000 },
  ...change,
});

describe('the tally of runs', () => {
  it('adds up calls and bytes, and stops at the limit of each', () => {
    const tally = new RunTally();
    for (let times = 0; times < 2; times++) tally.count(use('one'));
    expect(() => tally.count(use('one'))).toThrow(expect.objectContaining({ code: 'run.too_many_calls' }));
    tally.count(use('two', { bytes: 100 }));
    expect(() => tally.count(use('two', { calls: 0, bytes: 1 }))).toThrow(
      expect.objectContaining({ code: 'outbound.too_large' }),
    );
  });

  it('lets nothing through where a limit is no number', () => {
    const tally = new RunTally();
    expect(() => tally.count(use('odd', { mostCalls: undefined as never }))).toThrow();
    expect(() => tally.count(use('odder', { mostBytes: Number.NaN }))).toThrow();
  });

  it('knows each ticket’s runner, and lets nobody else use it or end its run', () => {
    const tally = new RunTally();
    tally.count(use('one'));
    expect(() => tally.count(use('one', { runnerId: 'r2' }))).toThrow(
      expect.objectContaining({ code: 'ticket.invalid' }),
    );
    tally.end('one', 'r2');
    tally.end('unheard of', 'r2');
    tally.count(use('one'));
    tally.end('one', 'r1');
    expect(() => tally.count(use('one'))).toThrow(expect.objectContaining({ code: 'ticket.spent' }));
  });

  it('never forgets a ticket that can still be used, however many come, and others in time', () => {
    let now = 1_000;
    const tally = new RunTally(() => now);
    tally.count(use('first'));
    for (let i = 1; i < 200_000; i++) tally.count(use(`t${i}`));
    expect(() => tally.count(use('one more'))).toThrow('Too many runs');
    expect(() => tally.count(use('first', { runnerId: 'r2' }))).toThrow('another runner');
    now = 2_001;
    tally.count(use('one more'));
  });
});
