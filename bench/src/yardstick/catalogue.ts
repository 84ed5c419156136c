import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { metadataOf } from './run-in-vm.ts';

const rule = z.union([
  z.strictObject({ exists: z.boolean() }),
  z.strictObject({ equals: z.any() }),
  z.strictObject({ in: z.array(z.any()) }),
  z.strictObject({
    pattern: z
      .object({ source: z.string(), flags: z.string() })
      .transform(({ source, flags }) => new RegExp(source, flags)),
  }),
  z.strictObject({ startsWith: z.string() }),
  z.strictObject({ endsWith: z.string() }),
]);

const metadataSchema = z.object({
  name: z.string(),
  match: z.object({ contextType: z.string(), context: z.record(z.string(), rule).default({}) }),
  cache: z.number().default(300),
  cacheKey: z.array(z.string()).optional(),
  requiredSecrets: z.array(z.string()).default([]),
  priority: z.number().default(100),
});

type Rule = z.infer<typeof rule>;
export type YardstickIntegration = { code: string; metadata: z.infer<typeof metadataSchema> };

export function loadCatalogue(folder: string): YardstickIntegration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.integration.js'))
    .map((file) => {
      const code = readFileSync(join(folder, file), 'utf8');
      return { code, metadata: metadataSchema.parse(metadataOf(code)) };
    });
}

/** Every request walks the whole catalogue. */
export function integrationsFor(
  catalogue: readonly YardstickIntegration[],
  context: Record<string, unknown>,
): YardstickIntegration[] {
  return catalogue
    .filter(({ metadata: { match } }) => match.contextType === '*' || match.contextType === context.type)
    .filter(({ metadata: { match } }) =>
      Object.entries(match.context).every(([path, rule]) => holds(rule, valueAt(context, path))),
    )
    .sort((one, other) => other.metadata.priority - one.metadata.priority);
}

export function valueAt(context: unknown, path: string): unknown {
  let value = context;
  for (const field of path.split('.')) {
    if (value === undefined || value === null) return undefined;
    value = (value as Record<string, unknown>)[field];
  }
  return value;
}

function holds(rule: Rule, value: unknown): boolean {
  if ('exists' in rule) return (value !== undefined) === rule.exists;
  if ('equals' in rule) return value === rule.equals;
  if ('in' in rule) return rule.in.includes(value);
  if (typeof value !== 'string') return false;
  if ('pattern' in rule) return rule.pattern.test(value);
  if ('startsWith' in rule) return value.startsWith(rule.startsWith);
  return value.endsWith(rule.endsWith);
}
