// Runs a program on Node 26 in this process's place: its output, its signals, its exit code.
import { spawn } from 'node:child_process';
import { environment, node, root } from './ready.mjs';

export function runNode(args, extraEnvironment = {}) {
  const child = spawn(node, args, { cwd: root, env: { ...environment, ...extraEnvironment }, stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
