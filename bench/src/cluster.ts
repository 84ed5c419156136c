import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '@fingerpost/local';
import { cpuOfTree } from './cpu.ts';
import { freePort, waitFor } from './server-process.ts';
import { type Contender, connect, inService, isInCatalogue, type Server, TOKEN, writeFiles } from './target.ts';

/** This product as production has it, and a hand on its parts. */
export interface ClusterServer extends Server {
  readonly cluster: Cluster;
}

export interface ClusterSize {
  runners?: number;
  settings?: NodeJS.ProcessEnv;
}

/** One gateway, asked without a load balancer before it; on real NATS, Redis, Postgres and OpenBao. */
export const clustered = (
  label: string,
  { runners = 1, settings = {} }: ClusterSize = {},
): Contender<ClusterServer> => ({
  label,
  start: async (files) => {
    const home = mkdtempSync(join(tmpdir(), 'fingerpost-bench-'));
    const folder = join(home, 'integrations');
    writeFiles(folder, files);
    const startedAt = performance.now();
    const cluster = await Cluster.start({
      ...{ folder: home, port: await freePort(), gateways: 1, registries: 1, runners, secrets: 1, onLine: () => {} },
      env: {
        FINGERPOST_INTEGRATIONS: folder,
        FINGERPOST_TOKEN: TOKEN,
        FINGERPOST_RATE_LIMIT: '1000000000', // counts like the yardstick's, and refuses nobody
        LOG_FORMAT: 'json',
        ...settings,
      },
    });
    const place = { url: cluster.urlOfGateway(1), token: TOKEN };
    await waitFor(inService(files), () => isInCatalogue(place, files));
    return {
      ...place,
      cluster,
      connect: () => connect(place),
      loadMs: performance.now() - startedAt,
      cpuMs: () => sum(cluster.pids.map(cpuOfTree)),
      stop: async () => {
        await cluster.stop();
        rmSync(home, { recursive: true, force: true });
      },
    };
  },
});

// Not visible for one, not visible for all.
const sum = (parts: (number | undefined)[]) =>
  parts.reduce((all, part) => (all === undefined || part === undefined ? undefined : all + part), 0);
