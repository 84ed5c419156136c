import type { ChildProcess } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '@fingerpost/contracts';
import { type Log, spawnWalled, type WallLevel } from '@fingerpost/platform';
import type { FromBuilder, ToBuilder } from './builder.main.ts';
import type { Bundle } from './bundle/bundle.ts';
import type { DataText } from './data-text.ts';

const LONGEST_MS = 20_000;
const MOST_TRIES = 2;

interface Job {
  work: ToBuilder['work'];
  root: string;
  path: string;
  tries: number;
  child?: ChildProcess;
  resolve: (made: never) => void;
  reject: (fault: Fault) => void;
  watchdog?: NodeJS.Timeout;
}

/** Has strangers' files read by a process of its own: it has no environment, and can be ended. */
export class Builder {
  private child: ChildProcess | undefined;
  private readonly jobs = new Map<number, Job>();
  private nextId = 1;
  private isClosed = false;
  /** inode of the folder that the process sees */
  private folder: number | undefined;
  private walls: WallLevel = 'namespaces';

  /** `required`: without `namespaces` the process stands behind Node's permission model, if there is no more to be had. */
  constructor(
    private readonly required: 'namespaces' | 'process' | 'none',
    private readonly log: Log,
  ) {}

  /** Both paths are real ones. @throws Fault `build.failed`, with the place in its detail */
  bundle(root: string, path: string): Promise<Bundle> {
    return this.make('bundle', root, path);
  }

  /** JSON of a data file. Both paths are real ones. @throws Fault like `bundle` */
  data(root: string, path: string): Promise<DataText> {
    return this.make('data', root, path);
  }

  close(): void {
    this.isClosed = true;
    this.child?.kill('SIGKILL');
    for (const { child } of this.jobs.values()) child?.kill('SIGKILL');
  }

  private make<T>(work: ToBuilder['work'], root: string, path: string): Promise<T> {
    if (this.isClosed) return Promise.reject(new Fault('build.failed', 'nothing is built any more'));
    return new Promise((resolve, reject) => this.begin({ work, root, path, tries: 0, resolve, reject }));
  }

  private begin(job: Job): void {
    const id = this.nextId++;
    this.jobs.set(id, job);
    job.child = job.tries++ === 0 ? this.shared(job.root) : this.start(job.root);
    job.watchdog = setTimeout(() => job.child?.kill('SIGKILL'), LONGEST_MS);
    const { work, root, path } = job;
    job.child.send({ id, work, root, path } satisfies ToBuilder, () => {});
  }

  // What stands at the folder's place may be another one by now: namespaces show the one that was there at the start.
  private shared(root: string): ChildProcess {
    const { ino } = statSync(root, { throwIfNoEntry: false }) ?? {};
    if (this.child !== undefined && ino === this.folder) return this.child;
    const before = this.child;
    this.folder = ino;
    this.child = this.start(root);
    before?.kill('SIGKILL');
    return this.child;
  }

  private start(root: string): ChildProcess {
    const readable = needed(root);
    const permissions = readable.map((path) => `--allow-fs-read=${path}`);
    const { child } = spawnWalled(this.walls, {
      program: PROGRAM,
      readable,
      nodeOptions: ['--permission', '--allow-child-process', ...permissions, '--no-warnings'],
      mayStartPrograms: true, // esbuild is one
    });
    let isReady = false;
    child.on('message', (said: FromBuilder) => {
      isReady = true;
      if ('id' in said) this.hear(said);
    });
    const end = () => (isReady ? this.onExit(child) : this.onNeverReady(child));
    child.on('error', end); // never began
    child.on('exit', end);
    return child;
  }

  private onNeverReady(child: ChildProcess): void {
    if (this.walls === 'namespaces' && this.required !== 'namespaces') {
      this.walls = 'process';
      this.log.info('Builds stand behind Node’s permission model alone: namespaces are not to be had here.');
      for (const job of this.jobs.values()) job.tries = 0;
    }
    this.onExit(child);
  }

  private hear(said: Exclude<FromBuilder, { isReady: true }>): void {
    const job = this.take(said.id);
    if (job === undefined) return;
    if ('made' in said) job.resolve(said.made as never);
    else job.reject(new Fault('build.failed', said.fault.message, { detail: said.fault.detail }));
    if (job.child !== this.child) job.child?.kill('SIGKILL'); // it was there for this one
  }

  // One of those in it may have ended it: each is tried again in a process of its own, and then it is known which.
  private onExit(child: ChildProcess): void {
    if (this.child === child) this.child = undefined;
    for (const [id, job] of [...this.jobs]) {
      if (job.child !== child) continue;
      this.take(id);
      if (job.tries < MOST_TRIES && !this.isClosed) this.begin(job);
      else
        job.reject(
          new Fault(
            'build.failed',
            `takes longer than ${LONGEST_MS / 1_000} s, or ends the process that reads it; make the file smaller or simpler`,
          ),
        );
    }
  }

  private take(id: number): Job | undefined {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    clearTimeout(job?.watchdog);
    return job;
  }
}

const SERVICE = join(import.meta.dirname, '../..');
const PROGRAM = join(SERVICE, 'dist/build/builder.main.js');

/** Its own program, and the folder. */
function needed(root: string): string[] {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')));
  const packages = join(SERVICE, '../../packages');
  return [root, SERVICE, modules, join(SERVICE, '../../package.json'), packages].filter((path) => existsSync(path));
}
