import { readFileSync } from 'node:fs';
import type { WalledProcess } from './spawn-walled.ts';

const CHECK_MS = 250;
const PAGE_BYTES = 4_096;

/** Tells, once, when a process and its children have more megabytes than that: limits of V8's are soft, and know only its own heap. Linux. */
export function boundMemory({ child, pid }: WalledProcess, mostMb: number, onExceeded: () => void): void {
  const timer = setInterval(() => {
    const id = pid();
    if (id === undefined || residentMb(id) <= mostMb) return;
    clearInterval(timer);
    onExceeded();
  }, CHECK_MS).unref();
  child.once('exit', () => clearInterval(timer));
}

/** Of a process that has ended, and where nobody says it: none. */
function residentMb(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * PAGE_BYTES) / 1_048_576 + childrenOf(pid).reduce((sum, child) => sum + residentMb(child), 0);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // a kernel that does not list them
  }
}
