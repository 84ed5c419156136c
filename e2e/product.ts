/** The whole product as its user starts it: a process of its own on folders of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogueReply, ContextAnswer } from '@fingerpost/contracts';
import { freePort } from '@fingerpost/platform/testing';

/** `npm run test:cluster`, `npm run test:compose` and `npm run verify`: the same tests on separate processes and real servers, and on containers. */
const suite = process.env.FINGERPOST_SUITE ?? '';
type Elsewhere = [program: string, startMs: number, ...args: string[]];
// It starts four servers and seven services first.
const CLUSTER: Elsewhere = ['../deploy/local/dist/main.js', 120_000, '--runners', '2', '--secrets', '1'];
const ELSEWHERE: Record<string, Elsewhere> = {
  cluster: CLUSTER,
  verify: CLUSTER,
  compose: ['../deploy/compose/dist/testing/main.js', 150_000],
};
export const isCluster = Object.hasOwn(ELSEWHERE, suite);
const [program, START_MS, ...ARGUMENTS] = ELSEWHERE[suite] ?? ['../services/standalone/dist/main.js', 45_000];
const PROGRAM = join(import.meta.dirname, program);
/** For what comes before the tests of a file. */
export const PATIENCE_MS = 3 * START_MS;
/** The same, with everything that its bus carries written to the file `bus` in its folder. */
export const LISTENED_TO = isCluster ? PROGRAM : join(import.meta.dirname, 'listened-to.mjs');
/** For tests that look into the one process that the embedded product is. */
export const itEmbedded = isCluster ? it.skip : it;
export const TOKEN = 'the token of these tests';

export interface StreamedEvent {
  event: string;
  data: Record<string, unknown>;
  atMs: number;
}

export class Product {
  private output = '';

  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (this.output += bytes));
  }

  /** Starts it on the given files, and returns when it is ready and has looked at each of them. */
  static async start(
    files: Record<string, string>,
    env: NodeJS.ProcessEnv = {},
    prepare: (folder: string) => Promise<unknown> = async () => {},
    program = PROGRAM,
  ): Promise<Product> {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-e2e-'));
    await prepare(folder);
    const port = await freePort();
    const child = spawn(process.execPath, [program, ...ARGUMENTS], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        FINGERPOST_DATA: dataOf(folder),
        FINGERPOST_INTEGRATIONS: folder,
        FINGERPOST_TOKEN: TOKEN,
        FINGERPOST_RATE_LIMIT: '0',
        LOG_FORMAT: 'json',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const product = new Product(`http://127.0.0.1:${port}`, folder, child);
    // One that is left running keeps the whole suite from ending.
    await product.takesIn(files).catch(async (error) => {
      await product.stop();
      throw error;
    });
    return product;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get dataFolder(): string {
    return dataOf(this.folder);
  }

  get log(): string {
    return this.output;
  }

  async write(name: string, text: string): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  send(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async ask(context: object): Promise<ContextAnswer> {
    const response = await this.send('/context', context);
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as ContextAnswer;
  }

  /** The answer as a stream, each event with the time at which it arrived. */
  async stream(context: object): Promise<StreamedEvent[]> {
    const startedAt = performance.now();
    const response = await this.send('/context', context, { accept: 'text/event-stream' });
    const events: StreamedEvent[] = [];
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => line.split(/: (.*)/s)),
        );
        events.push({ event: fields.event, data: JSON.parse(fields.data), atMs: performance.now() - startedAt });
        text = text.slice(end + 2);
      }
    }
    return events;
  }

  async catalogue(): Promise<CatalogueReply> {
    return (await (await this.send('/catalogue')).json()) as CatalogueReply;
  }

  async until(isSo: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await isSo().catch(() => false))) {
      if (this.child.exitCode !== null) throw new Error(`the product stopped:\n${this.output}`);
      if (performance.now() > deadline)
        throw new Error(`not so within ${withinMs} ms; the log says:\n${this.output.slice(-4_000)}`);
      await sleep(25);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** @returns the exit code */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.ended();
    for (const folder of [this.folder, this.dataFolder]) await rm(folder, { recursive: true, force: true });
  }

  private async takesIn(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await this.write(name, text);
    await this.until(async () => (await fetch(`${this.url}/health/ready`)).ok, START_MS);
    const integrations = Object.keys(files).filter((name) => /\.integration\./.test(name)).length;
    await this.until(async () => (await this.catalogue()).entries.length >= integrations);
  }
}

/** Beside the integrations: what they may include must not hold the product's keys. */
const dataOf = (folder: string) => `${folder}-data`;

export const githubPage = (repository: string, more: object = {}) => ({
  type: 'github',
  url: `https://github.com/${repository}`,
  page: { repository, name: 'repository' },
  ...more,
});

/** A file for every GitHub page. */
export const integration = (name: string, body: string, metadata = 'cache: 0') => `
module.exports = {
  metadata: { name: '${name}', match: { contextType: 'github', context: { 'page.repository': { exists: true } } }, ${metadata} },
  run: async function (context, secrets = {}, dataFiles = []) { ${body} },
};
`;

export const saying = (name: string, text: string, metadata?: string) =>
  integration(name, `return [{ type: 'text', content: ${JSON.stringify(text)} }];`, metadata);
