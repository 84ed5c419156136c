/** What docs/operations/keys.md says of Redis's password, on a cluster that is in use. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '@fingerpost/local';
import { withUser } from './with-settings.ts';

export async function newRedisPassword(cluster: Cluster): Promise<void> {
  const acl = join(cluster.addresses.folder, 'redis/users.acl');
  const text = await readFile(acl, 'utf8');
  const password = randomBytes(24).toString('base64url');
  const [, old] = /#([0-9a-f]{64})/.exec(text)!;
  const hash = createHash('sha256').update(password).digest('hex');
  const believing = async (hashes: string) => {
    await writeFile(acl, text.replace(`#${old}`, hashes));
    await cluster.engines.redis.restart();
  };
  await believing(`#${old} #${hash}`);
  await cluster.restart(cluster.named('gateway'), withUser('REDIS_URL', 'gateway', password));
  await believing(`#${hash}`);
}
