/** The product with the packages of `integrations/`, on a stand-in of the internet that knows these credentials. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { Product } from './product.ts';
import type { StandIn } from './stand-in.ts';

const CURATED = join(import.meta.dirname, '../integrations');

export const CANARIES = {
  AWS_ACCESS_KEY_ID: 'AKIACANARY000000',
  AWS_SECRET_ACCESS_KEY: 'canary/secret+access/key',
  GH_TOKEN: 'ghp_canary_of_github_000',
  SLACK_TOKEN: 'xoxb-canary-of-slack-000',
};

export function startWithSdks(
  files: Record<string, string>,
  { env }: StandIn,
  secrets: Record<string, string>,
  program?: string,
): Promise<Product> {
  return Product.start(
    files,
    { ...env, ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`INTEGRATION_${name}`, value])) },
    async (folder) => {
      for (const part of ['node_modules', 'package.json'])
        await cp(join(CURATED, part), join(folder, part), { recursive: true });
    },
    program,
  );
}
