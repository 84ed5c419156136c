import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time in milliseconds that a process and all its descendants have used so far: sandbox processes count too, and so do those that
 * have ended meanwhile (the kernel adds them to their parent once it has waited for them). Linux only; `undefined` elsewhere.
 */
export function cpuOfTree(rootPid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return treeOf(rootPid).reduce((sum, { ticks }) => sum + ticks, 0) * msPerTick();
}

/** A process and all its descendants. */
export function treeOf(rootPid: number): Process[] {
  const processes = readProcesses();
  const childrenOf = Map.groupBy(processes, ({ parentPid }) => parentPid);
  const tree = processes.filter(({ pid }) => pid === rootPid);
  // The list grows while it is walked: every process brings its children along.
  for (const { pid } of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

interface Process {
  pid: number;
  parentPid: number;
  ticks: number;
}

function readProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = readStat(pid);
      if (stat === undefined) return [];
      // The name in parentheses may hold anything, so the fields are counted from behind it: the first one is the third of proc(5).
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [parentPid = 0] = fields.slice(1);
      const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11);
      return [{ pid: Number(pid), parentPid, ticks: user + system + endedUser + endedSystem }];
    });
}

// A process may end between the listing and the reading.
function readStat(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
}

let tickMs: number | undefined;

function msPerTick(): number {
  tickMs ??= 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return tickMs;
}
