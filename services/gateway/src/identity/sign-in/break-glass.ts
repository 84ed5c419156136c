import { hash, timingSafeEqual } from 'node:crypto';
import { Fault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import { BREAK_GLASS, BREAK_GLASS_PERSON } from '../people/break-glass-person.ts';
import type { People } from '../people/people.ts';
import type { Sessions } from '../session/sessions.ts';

const HOUR_MS = 3_600_000;

export interface BreakGlassParts {
  /** sha256 of the key in hex; absent: there is none */
  keySha256?: string;
  people: People;
  sessions: Sessions;
  audit: IdentityAudit;
  log: Pick<Log, 'error'>;
}

/**
 * For the day on which no provider works and somebody must administer: a key from the safe opens one session for an hour. Loud: nothing
 * is opened before it is in the audit trail, and the log has an error for each.
 */
export class BreakGlass {
  constructor(private readonly parts: BreakGlassParts) {}

  get isThere(): boolean {
    return this.parts.keySha256 !== undefined;
  }

  /** @returns what the browser shows from now on. @throws Fault `request.not_found`, `request.forbidden`, `bus.*` */
  async use(key: string, reason: string, { device, address }: { device: string; address: string }): Promise<string> {
    const { people, sessions, audit, log } = this.parts;
    if (!this.isThere) throw new Fault('request.not_found', 'No break-glass key is set up here.');
    const detail = { reason: reason.slice(0, 300), device, address };
    if (!this.fits(key)) {
      log.error({ address }, 'somebody has tried a break-glass key, and it was wrong');
      await audit.first({ actor: 'service:gateway', action: 'break_glass.refused', target: BREAK_GLASS, detail });
      throw new Fault('request.forbidden', 'This is not the key.');
    }
    if (reason.trim().length < LEAST_CHARS)
      throw new Fault('request.invalid', 'Say why: it goes into the audit trail.');
    await audit.first({ actor: BREAK_GLASS, action: 'break_glass.used', target: BREAK_GLASS, detail });
    log.error(detail, 'BREAK-GLASS: somebody administers with the key from the safe, for an hour');
    const person = await people.welcome(BREAK_GLASS_PERSON);
    const { secret } = await sessions.open(person, { device, longestMs: HOUR_MS, isBreakGlass: true });
    return secret;
  }

  private fits(key: string): boolean {
    return timingSafeEqual(hash('sha256', key.trim(), 'buffer'), Buffer.from(this.parts.keySha256!, 'hex'));
  }
}

const LEAST_CHARS = 10;
