import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextAnswer } from '@fingerpost/contracts';
import { freePort } from '@fingerpost/platform/testing';
import { ask, type Door } from './askers.ts';
import { Deployment, type DeploymentOptions } from './deployment.ts';
import { until } from './until.ts';
import { startUpstream } from './upstream.ts';

/** The product from nothing, with one integration that asks an API of the company's, which takes its time. */
export interface Ground {
  deployment: Deployment;
  door: Door;
  /** the folder of integrations */
  integrations: string;
  /** where they find the API */
  upstream: string;
  close(): Promise<void>;
}

const slow = (place: string) => `
module.exports = {
  metadata: { name: 'slow', cache: 0, hosts: ['${place}'], match: { contextType: 'github', context: { 'page.repository': { exists: true } } } },
  run: async (context) => {
    const { path } = await (await fetch('http://${place}/' + context.page.repository)).json();
    return [{ type: 'text', content: path }];
  },
};`;

interface Besides extends Pick<DeploymentOptions, 'files' | 'hosts' | 'checkout' | 'version'> {
  /** settings of services */
  env?: NodeJS.ProcessEnv;
}

export async function prepareGround(upstreamMs: number, { env, ...besides }: Besides = {}): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'fingerpost-compose-verify-'));
  const integrations = join(folder, 'integrations');
  await mkdir(integrations);
  const port = await freePort();
  const changes = (host: string) => ({
    env: { FINGERPOST_OUTBOUND_ALLOW: `${host}:${port}`, FINGERPOST_RATE_LIMIT: '0', ...env },
  });
  const deployment = await Deployment.up({ ...besides, folder: join(folder, 'deployment'), integrations, changes });
  await deployment.isReady();
  const stopUpstream = await startUpstream(deployment.host, port, upstreamMs);
  const upstream = `${deployment.host}:${port}`;
  await writeFile(join(integrations, 'slow.integration.js'), slow(upstream));
  const ca = await readFile(join(deployment.keys, 'ca.crt'), 'utf8');
  const door = { port: deployment.port, ca, token: await deployment.token() };
  await until(async () => wrongWith(await ask(door, 'acme/first'), 'acme/first') === undefined);
  return {
    deployment,
    door,
    integrations,
    upstream,
    close: async () => {
      await deployment.down();
      stopUpstream();
      await rm(folder, { recursive: true });
    },
  };
}

/** What is wrong with the answer about that repository, in a few words. */
export function wrongWith(answer: unknown, repository: string): string | undefined {
  const { data, failedCount, failures = [] } = answer as ContextAnswer;
  if (failedCount > 0) return `a run failed: ${failures.map(({ reason, id }) => `${reason} ${id}`).join()}`;
  const [insight] = data;
  if (data.length !== 1 || insight?.content !== `/${repository}`) return 'a wrong answer';
}
