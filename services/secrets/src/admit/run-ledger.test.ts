import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { grantFor, ticketFor } from '../testing/world.ts';
import { RunLedger } from './run-ledger.ts';

const ticket = (jti: string) => ticketFor(grantFor([]), { jti });
const counted = async () => {};

describe('the ledger of runs', () => {
  it('never forgets a ticket that can still be used, however many come', () => {
    const ledger = new RunLedger(counted, () => 1_000);
    ledger.open(ticket('first'), 'r1', DEFAULT_LIMITS, 2_000);
    for (let i = 1; i < 200_000; i++) ledger.open(ticket(`t${i}`), 'r2', DEFAULT_LIMITS, 2_000);
    expect(() => ledger.open(ticket('one more'), 'r2', DEFAULT_LIMITS, 2_000)).toThrow('Too many runs');
    expect(() => ledger.open(ticket('first'), 'r2', DEFAULT_LIMITS, 2_000)).toThrow('another runner');
  });

  it('forgets tickets that have expired', () => {
    let now = 1_000;
    const ledger = new RunLedger(counted, () => now);
    const account = ledger.open(ticket('first'), 'r1', DEFAULT_LIMITS, 2_000);
    now = 2_001;
    ledger.open(ticket('second'), 'r1', DEFAULT_LIMITS, 3_000);
    expect(ledger.open(ticket('first'), 'r1', DEFAULT_LIMITS, 3_000)).not.toBe(account);
  });

  it('takes no ticket any more when its runner has said that the run is over', () => {
    const ledger = new RunLedger(counted);
    const open = () => ledger.open(ticket('one'), 'r1', DEFAULT_LIMITS, Date.now() + 1_000);
    const account = open();
    expect(ledger.end('one', 'r2')).toBe(false); // nobody ends another's run
    expect(ledger.end('unheard of', 'r1')).toBe(false);
    expect(open()).toBe(account);
    expect(ledger.end('one', 'r1')).toBe(true);
    expect(open).toThrow(expect.objectContaining({ code: 'ticket.spent' }));
    expect(() => account.checkGoing()).toThrow(expect.objectContaining({ code: 'ticket.spent' }));
  });
});
