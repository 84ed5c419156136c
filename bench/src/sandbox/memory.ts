import { readFileSync } from 'node:fs';
import { treeOf } from '../cpu.ts';

/** Memory of a process and all its descendants, pages that several share counted in parts (PSS). Linux only; `undefined` elsewhere. */
export function memoryOfTree(rootPid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return treeOf(rootPid).reduce((sum, { pid }) => sum + pssMb(pid), 0);
}

// A process may end between the listing and the reading.
function pssMb(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return Number(kilobytes) / 1_024;
  } catch {
    return 0;
  }
}
