import { execFileSync } from 'node:child_process';

/** Processes that a process started, and those that they started; not the program that is asked for them. */
export function descendantsOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm=']).toString().trim().split('\n');
  const parents = lines.map((line) => line.trim().split(/\s+/)).filter(([, , name]) => name !== 'ps');
  const childrenOf = (parent: number): number[] =>
    parents
      .filter(([, of]) => Number(of) === parent)
      .flatMap(([child]) => [Number(child), ...childrenOf(Number(child))]);
  return childrenOf(pid);
}
