import { readFileSync } from 'node:fs';
import { descendantsOf } from '@fingerpost/platform/testing';

/** Ends that runner's busiest sandbox process without a word. */
export function killSandboxOf(runner: number): void {
  const [busiest] = descendantsOf(runner).toSorted((one, other) => ticksOf(other) - ticksOf(one));
  if (busiest !== undefined) process.kill(busiest, 'SIGKILL');
}

/** CPU time so far, in the kernel's steps. It may have ended meanwhile. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return user! + system!;
  } catch {
    return 0;
  }
}
