import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '@fingerpost/contracts';
import type { FromBuilder, ToBuilder } from './builder.main.ts';
import type { Bundle } from './bundle.ts';

const LONGEST_MS = 20_000;
const MOST_TRIES = 2;

interface Job {
  root: string;
  path: string;
  tries: number;
  resolve: (bundle: Bundle) => void;
  reject: (fault: Fault) => void;
  watchdog?: NodeJS.Timeout;
}

/** Has files bundled by a process of its own: what reads strangers' code has no environment, and can be ended. */
export class Builder {
  private child: ChildProcess | undefined;
  private readonly jobs = new Map<number, Job>();
  private nextId = 1;
  private isClosed = false;

  /** Both paths are real ones. @throws Fault `build.failed`, with the place in its detail */
  bundle(root: string, path: string): Promise<Bundle> {
    return new Promise((resolve, reject) => this.begin({ root, path, tries: 0, resolve, reject }));
  }

  close(): void {
    this.isClosed = true;
    this.child?.kill('SIGKILL');
  }

  private begin(job: Job): void {
    const id = this.nextId++;
    job.tries++;
    job.watchdog = setTimeout(() => this.giveUp(id), LONGEST_MS);
    this.jobs.set(id, job);
    this.child ??= this.start(job.root);
    this.child.send({ id, root: job.root, path: job.path } satisfies ToBuilder, () => {});
  }

  private start(root: string): ChildProcess {
    const child = fork(PROGRAM, {
      env: {},
      execArgv: ['--permission', '--allow-child-process', ...readable(root), '--no-warnings'],
      serialization: 'json',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (said: FromBuilder) => this.hear(said));
    child.on('error', () => {}); // ends with `exit`, or never began
    child.on('exit', () => this.onExit(child));
    return child;
  }

  private hear(said: FromBuilder): void {
    const job = this.take(said.id);
    if (job === undefined) return;
    if ('bundle' in said) job.resolve(said.bundle);
    else job.reject(new Fault('build.failed', said.fault.message, { detail: said.fault.detail }));
  }

  private giveUp(id: number): void {
    this.take(id)?.reject(new Fault('build.failed', `takes longer than ${LONGEST_MS / 1_000} s to build`));
    this.child?.kill('SIGKILL');
  }

  // Whoever was in it is built again: one of them may have ended it, and ends the next one too.
  private onExit(child: ChildProcess): void {
    if (this.child === child) this.child = undefined;
    for (const id of [...this.jobs.keys()]) {
      const job = this.take(id)!;
      if (job.tries < MOST_TRIES && !this.isClosed) this.begin(job);
      else job.reject(new Fault('build.failed', 'ends the process that builds it; make the file smaller or simpler'));
    }
  }

  private take(id: number): Job | undefined {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    clearTimeout(job?.watchdog);
    return job;
  }
}

const SERVICE = join(import.meta.dirname, '../../..');
const PROGRAM = join(SERVICE, 'dist/build/bundle/builder.main.js');

/** Its own program, and the folder. */
function readable(root: string): string[] {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')));
  const packages = join(SERVICE, '../../packages');
  return [root, SERVICE, modules, join(SERVICE, '../../package.json'), ...(existsSync(packages) ? [packages] : [])].map(
    (path) => `--allow-fs-read=${path}`,
  );
}
