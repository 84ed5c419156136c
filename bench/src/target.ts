// The servers under test. Each is started on integrations of its own in a temporary folder and taken away again, folder and all.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueReply, PageContext } from '@fingerpost/contracts';
import { Client, request } from 'undici';
import { type Answered, ask, type Place } from './ask.ts';
import { freePort, startProcess, waitFor } from './server-process.ts';

/** File name to text: the integrations that a workload needs. */
export type Files = Record<string, string>;

/** Whatever answers a context. */
export interface Target {
  /** from the start of the process until every integration is in service; absent for a server that somebody else started */
  readonly loadMs?: number;
  /** works in the load generator's own process, whose load then says nothing */
  readonly isHere?: true;
  /** for one question at a time */
  connect(): Line;
  /** CPU time used so far by all its processes; undefined where it cannot be seen */
  cpuMs(): number | undefined;
  stop(): Promise<void>;
}

export interface Line {
  ask(context: PageContext): Promise<Answered>;
  close(): Promise<void>;
}

export type Server = Target & Place;

/** A kind of target, ready to be started on a set of files. */
export interface Contender<T extends Target = Server> {
  readonly label: string;
  start(files: Files): Promise<T>;
}

export const TOKEN = 'bench-token-0123456789';

/** This product, all in one process plus its sandbox processes, as `npm start` starts it. */
export const fingerpost = (label: string, settings: NodeJS.ProcessEnv = {}): Contender => ({
  label,
  start: (files) =>
    startServer(label, files, {
      script: 'services/standalone/dist/main.js',
      environment: ({ port, folder, home }) => ({
        HOST: '127.0.0.1',
        PORT: `${port}`,
        FINGERPOST_DATA: join(home, 'data'),
        FINGERPOST_INTEGRATIONS: folder,
        FINGERPOST_TOKEN: TOKEN,
        FINGERPOST_RATE_LIMIT: '1000000000', // counts like the yardstick's, and refuses nobody
        ...settings,
      }),
      isLoaded: isInCatalogue,
    }),
});

export const yardstick: Contender = {
  label: 'yardstick',
  start: (files) =>
    startServer('yardstick', files, {
      script: 'bench/dist/yardstick/main.js',
      environment: ({ port, folder }) => ({ PORT: `${port}`, INTEGRATIONS: folder, TOKEN }),
      // It loads its files before it listens.
      isLoaded: async () => true,
    }),
};

/** A server that somebody else started. With a folder the files are put where it finds them; without, they are there already. */
export const remote = (url: string, token: string, folder?: string): Contender => ({
  label: new URL(url).host,
  start: async (files) => {
    if (folder !== undefined) writeFiles(folder, files);
    const place = { url: new URL(url).origin, token };
    return {
      ...place,
      connect: () => connect(place),
      cpuMs: () => undefined,
      stop: async () => {
        if (folder !== undefined) removeFiles(folder);
      },
    };
  },
});

interface Kind {
  script: string;
  environment(quarters: { port: number; folder: string; home: string }): NodeJS.ProcessEnv;
  isLoaded(place: Place, files: Files): Promise<boolean>;
}

async function startServer(label: string, files: Files, { script, environment, isLoaded }: Kind): Promise<Server> {
  const home = mkdtempSync(join(tmpdir(), 'fingerpost-bench-'));
  const folder = join(home, 'integrations');
  const port = await freePort();
  const place = { url: `http://127.0.0.1:${port}`, token: TOKEN };
  writeFiles(folder, files);

  const startedAt = performance.now();
  const server = startProcess(label, script, environment({ port, folder, home }), join(home, 'server.log'));
  await server.until(async () => {
    await waitFor({ what: 'GET /health/ready answers 200', seconds: 60 }, () => isReady(place));
    await waitFor(inService(files), () => isLoaded(place, files));
  });
  return {
    ...place,
    connect: () => connect(place),
    loadMs: performance.now() - startedAt,
    cpuMs: server.cpuMs,
    stop: async () => {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export const inService = (files: Files) => ({
  what: `${Object.keys(files).length} integrations are in service`,
  seconds: 600,
});

export function connect(place: Place): Line {
  const client = new Client(place.url);
  return { ask: (context) => ask(client, place, context), close: () => client.close() };
}

async function isReady({ url }: Place): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/health/ready`);
  await body.dump();
  return statusCode === 200;
}

/** Every file is bundled and inspected behind the sandbox's walls before it serves, which takes a while for ten thousand. */
export async function isInCatalogue({ url, token }: Place, files: Files): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/catalogue`, { headers: { authorization: `Bearer ${token}` } });
  if (statusCode !== 200)
    throw new Error(`GET /catalogue answered ${statusCode}: ${(await body.text()).slice(0, 300)}`);
  const { entries } = (await body.json()) as CatalogueReply;
  const broken = entries.find(({ state }) => state === 'broken');
  if (broken !== undefined) throw new Error(`${broken.file} is broken: ${broken.fault?.message}`);
  return entries.length === Object.keys(files).length;
}

export function writeFiles(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  removeFiles(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

// What an earlier workload left would answer too.
function removeFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith('bench-')) rmSync(join(folder, name));
}
