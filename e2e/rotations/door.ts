/** What docs/operations/keys.md says of what gateways are told themselves, on a cluster that is in use. */
import { randomBytes } from 'node:crypto';
import type { Cluster } from '@fingerpost/local';
import { Administrator } from '../cluster/administrator.ts';
import { TOKEN } from '../cluster/ground.ts';
import { withSettings } from './with-settings.ts';

const tell = (cluster: Cluster, settings: NodeJS.ProcessEnv) =>
  cluster.restart(cluster.named('gateway'), withSettings(settings));

export async function newCacheKey(cluster: Cluster): Promise<void> {
  const [old, key] = [cluster.addresses.cacheKey, randomBytes(32).toString('base64')];
  for (const keys of [`${old},${key}`, `${key},${old}`, key]) await tell(cluster, { FINGERPOST_CACHE_KEY: keys });
}

export async function newToken(cluster: Cluster): Promise<void> {
  const statusWith = async (token: string) =>
    (await fetch(`${cluster.url}/whoami`, { headers: { authorization: `Bearer ${token}` } })).status;
  await tell(cluster, { FINGERPOST_TOKEN: `another token of these,${TOKEN}` });
  expect(await statusWith('another token of these')).toBe(200);
  await tell(cluster, { FINGERPOST_TOKEN: TOKEN });
  expect(await statusWith('another token of these')).toBe(401);
}

export async function newBreakGlassKey(cluster: Cluster): Promise<void> {
  await tell(cluster, Administrator.envOf('another key'));
  await expect(Administrator.enter(cluster.url)).rejects.toThrow('401');
  await Administrator.enter(cluster.url, 'another key');
}
