import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '@fingerpost/contracts';
import { boundMemory, type Log, spawnWalled, type WalledProcess, type WallLevel } from '@fingerpost/platform';
import type { FromBuilder, ToBuilder } from './builder.main.ts';
import type { Bundle } from './bundle/bundle.ts';
import type { DataText } from './data-text.ts';

const LONGEST_MS = 20_000;
const MOST_TRIES = 2;
/** A bundle and its source map. */
const MOST_MESSAGE_BYTES = 64_000_000;
/** A process and the bundler in it; a large SDK takes 250. */
const MOST_MB = 1_000;
/** More at once are no faster, and need as much more memory. */
const AT_ONCE = 4;

type Answer = Exclude<FromBuilder, { isReady: true }>;

interface Job {
  work: ToBuilder['work'];
  root: string;
  path: string;
  tries: number;
  reader?: WalledProcess;
  resolve: (made: never) => void;
  reject: (fault: Fault) => void;
  watchdog?: NodeJS.Timeout;
}

/** Has strangers' files read by a process of its own: it has no environment, and can be ended. */
export class Builder {
  private reader: WalledProcess | undefined;
  private readonly jobs = new Map<number, Job>();
  private readonly line: Job[] = [];
  /** ended because of what they had taken */
  private readonly tooLarge = new WeakSet<WalledProcess>();
  private nextId = 1;
  private isClosed = false;
  /** inode of the folder that the process sees */
  private folder: number | undefined;
  private walls: WallLevel = 'namespaces';

  /** `required`: without `namespaces` the process stands behind Node's permission model, if there is no more to be had. */
  constructor(
    private readonly required: 'namespaces' | 'process' | 'none',
    private readonly log: Log,
    private readonly mostMb = MOST_MB,
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
    end(this.reader);
    for (const { reader } of this.jobs.values()) end(reader);
    for (const job of this.line.splice(0))
      job.reject(new Fault('build.failed', 'was not built: the registry is being closed'));
  }

  private make<T>(work: ToBuilder['work'], root: string, path: string): Promise<T> {
    if (this.isClosed) return Promise.reject(new Fault('build.failed', 'nothing is built any more'));
    return new Promise((resolve, reject) => {
      this.line.push({ work, root, path, tries: 0, resolve, reject });
      this.beginNext();
    });
  }

  private beginNext(): void {
    if (this.jobs.size >= AT_ONCE) return;
    const job = this.line.shift();
    if (job !== undefined) this.begin(job);
  }

  private begin(job: Job): void {
    const id = this.nextId++;
    this.jobs.set(id, job);
    const reader = job.tries++ === 0 ? this.shared(job.root) : this.start(job.root);
    job.reader = reader;
    job.watchdog = setTimeout(() => end(reader), LONGEST_MS);
    const { work, root, path } = job;
    reader.channel.send({ id, work, root, path } satisfies ToBuilder);
  }

  // What stands at the folder's place may be another one by now: namespaces show the one that was there at the start.
  private shared(root: string): WalledProcess {
    const { ino } = statSync(root, { throwIfNoEntry: false }) ?? {};
    if (this.reader !== undefined && ino === this.folder) return this.reader;
    const before = this.reader;
    this.folder = ino;
    this.reader = this.start(root);
    end(before);
    return this.reader;
  }

  private start(root: string): WalledProcess {
    const readable = needed(root);
    const permissions = readable.map((path) => `--allow-fs-read=${path}`);
    const reader = spawnWalled(this.walls, {
      program: PROGRAM,
      readable,
      nodeOptions: ['--permission', '--allow-child-process', ...permissions, '--no-warnings'],
      mayStartPrograms: true, // esbuild is one
      mostMessageBytes: MOST_MESSAGE_BYTES,
    });
    boundMemory(reader, this.mostMb, () => {
      this.tooLarge.add(reader);
      end(reader);
    });
    let isReady = false;
    reader.channel.onLine = (said) => {
      if (said === undefined) return end(reader);
      isReady = true;
      if ('id' in (said as FromBuilder)) this.hear(said as Answer);
    };
    const onEnd = () => (isReady ? this.onExit(reader) : this.onNeverReady(reader));
    reader.child.on('error', onEnd); // never began
    reader.child.on('exit', onEnd);
    return reader;
  }

  private onNeverReady(reader: WalledProcess): void {
    if (this.walls === 'namespaces' && this.required !== 'namespaces') {
      this.walls = 'process';
      this.log.info('Builds stand behind Node’s permission model alone: namespaces are not to be had here.');
      for (const job of this.jobs.values()) job.tries = 0;
    }
    this.onExit(reader);
  }

  private hear(said: Answer): void {
    const job = this.take(said.id);
    if (job === undefined) return;
    if ('made' in said) job.resolve(said.made as never);
    else job.reject(new Fault('build.failed', said.fault.message, { detail: said.fault.detail }));
    if (job.reader !== this.reader) end(job.reader); // it was there for this one
    this.beginNext();
  }

  // One of those in it may have ended it: each is tried again in a process of its own, and then it is known which.
  private onExit(reader: WalledProcess): void {
    if (this.reader === reader) this.reader = undefined;
    for (const [id, job] of [...this.jobs]) {
      if (job.reader !== reader) continue;
      this.take(id);
      if (job.tries < MOST_TRIES && !this.isClosed) this.begin(job);
      else job.reject(new Fault('build.failed', this.whyEnded(reader)));
    }
    this.beginNext();
  }

  private whyEnded(reader: WalledProcess): string {
    return this.tooLarge.has(reader)
      ? `takes more than ${this.mostMb} MB of memory to read; make the file smaller or simpler, or import less`
      : `takes longer than ${LONGEST_MS / 1_000} s, or ends the process that reads it; make the file smaller or simpler`;
  }

  private take(id: number): Job | undefined {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    clearTimeout(job?.watchdog);
    return job;
  }
}

const end = (reader: WalledProcess | undefined): void => void reader?.kill();

const SERVICE = join(import.meta.dirname, '../..');
const PROGRAM = join(SERVICE, 'dist/build/builder.main.js');

/** Its own program, and the folder. */
function needed(root: string): string[] {
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')));
  const packages = join(SERVICE, '../../packages');
  return [root, SERVICE, modules, join(SERVICE, '../../package.json'), packages].filter((path) => existsSync(path));
}
