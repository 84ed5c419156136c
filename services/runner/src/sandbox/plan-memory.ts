import { totalmem } from 'node:os';
import { SettingsError } from '@fingerpost/platform';

/** For the runner itself, or for the whole product where it is one process. */
const RESERVED_MB = 400;
const USUAL_MB = 1_500;
const LEAST_MB = 200;
/** For suspects, and for code that is told a secret. */
export const MOST_ALONE = 4;
/** Unapproved code has one, and one is spare. */
const BESIDES = 2 + MOST_ALONE;

/**
 * Megabytes of one sandbox process, so that all of them together stay below what the machine, or the container, has.
 * @throws SettingsError when there is not enough
 */
export function planMemory(processes: number, wantedMb: number | undefined, availableMb = available()): number {
  const fairMb = Math.floor((availableMb - RESERVED_MB) / (processes + BESIDES));
  const mb = wantedMb ?? Math.min(USUAL_MB, fairMb);
  if (mb <= fairMb && mb >= LEAST_MB) return mb;
  throw new SettingsError([
    `FINGERPOST_SANDBOX_MEMORY: ${processes} sandbox processes for approved code and ${BESIDES} others of ${Math.max(mb, LEAST_MB)} MB do not fit into the ${availableMb} MB that there are; ${
      fairMb >= LEAST_MB ? `set it to ${fairMb} at most, or` : 'give it more memory, or'
    } have fewer by FINGERPOST_SANDBOXES`,
  ]);
}

// Node says nothing, or something huge, where the container sets no limit.
const available = (): number =>
  Math.floor(Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem()) / 1_048_576);
