import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContextAnswer } from '@fingerpost/contracts';
import { ask } from './askers.ts';
import type { Ground } from './ground.ts';
import { callerBy } from './upstream.ts';

const PAGE = 'acme/lent';
export const LENT_TOKEN = 'lent-token-0123456789';

const lent = (place: string) => `
module.exports = {
  metadata: {
    name: 'lent', cache: 0, hosts: ['${place}'], requiredSecrets: ['UPSTREAM_TOKEN'],
    match: { contextType: 'github', context: { 'page.repository': { equals: '${PAGE}' } } },
  },
  run: async (context, { UPSTREAM_TOKEN }) => {
    const response = await fetch('http://${place}/lent', { headers: { authorization: 'Bearer ' + UPSTREAM_TOKEN } });
    return [{ type: 'text', content: (await response.json()).caller }];
  },
};`;

const LOGIN =
  'bao login -no-print -method=userpass username=admin password=- < "$FINGERPOST_KEYS/openbao/admin-password"';

/** An integration that calls the API by a secret of OpenBao's. */
export async function lendSecret({ deployment, integrations, upstream }: Ground): Promise<void> {
  await deployment.type(`docker-compose exec -T openbao ${LOGIN}
    printf %s ${LENT_TOKEN} | docker-compose exec -T openbao bao kv put secret/fingerpost/UPSTREAM_TOKEN value=-`);
  await writeFile(join(integrations, 'lent.integration.js'), lent(upstream));
}

/** Whether it calls as who it is lent to be. */
export async function isLent({ door }: Ground): Promise<boolean> {
  const { data } = (await ask(door, PAGE)) as ContextAnswer;
  return data.some(({ content }) => content === callerBy(`Bearer ${LENT_TOKEN}`));
}
