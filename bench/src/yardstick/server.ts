import { timingSafeEqual } from 'node:crypto';
import express, { type Express, type RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { integrationsFor, valueAt, type YardstickIntegration } from './catalogue.ts';
import { runInVm } from './run-in-vm.ts';

// Built once. ToolJump builds its own anew for every request; a yardstick should not win us anything by waste.
const contextSchema = z.object({ type: z.enum(['github', 'aws', 'generic']), url: z.url() }).catchall(z.json());

const status = z.enum(['important', 'relevant', 'success', 'none']).optional();
const face = {
  content: z.string(),
  status,
  icon: z.string().optional(),
  tooltip: z.string().min(1).max(500).optional(),
};
const answerSchema = z.array(
  z
    .object({
      ...face,
      type: z.enum(['text', 'link', 'dropdown']),
      href: z.string().optional(),
      items: z.array(z.object({ ...face, href: z.string() })).optional(),
    })
    .refine((insight) => insight.type !== 'dropdown' || insight.items !== undefined),
);
type Answer = z.infer<typeof answerSchema>;

export function yardstickServer(catalogue: readonly YardstickIntegration[], token: string): Express {
  const answers = new LRUCache<string, object>({ max: 10_000 });
  const app = express().disable('x-powered-by');

  app.get('/health/ready', (_request, response) => void response.json({ status: 'ready' }));
  app.use(express.json({ limit: '100kb' }));
  app.use(withToken(token));
  app.post('/context', async (request, response) => {
    const asked = contextSchema.safeParse(request.body);
    if (!asked.success)
      return void response.status(400).json({ error: 'Invalid request body', details: asked.error.issues });
    response.json(await answerContext(catalogue, asked.data, answers));
  });
  return app;
}

async function answerContext(
  catalogue: readonly YardstickIntegration[],
  context: Record<string, unknown>,
  answers: LRUCache<string, object>,
) {
  const integrations = integrationsFor(catalogue, context);
  const data: Answer = [];
  let cacheHits = 0;
  let failedCount = 0;

  // One after another: each waits for the one before it.
  for (const integration of integrations) {
    const { name, cache } = integration.metadata;
    const key = answerKey(integration, context);
    const kept = answers.get(key);
    if (kept !== undefined) cacheHits++;
    try {
      const answer = kept ?? (await runInVm(integration.code, context, {}));
      if (kept === undefined && cache > 0) answers.set(key, answer as object, { ttl: cache * 1_000 });
      data.push(...answerSchema.parse(Array.isArray(answer) ? answer : [answer]));
    } catch (error) {
      failedCount++;
      data.push({ type: 'text', status: 'important', content: `${name}: ${(error as Error).message}` });
    }
  }

  const integrationNames = integrations.map(({ metadata }) => metadata.name);
  return { data, count: data.length, cacheHits, failedCount, timestamp: new Date().toISOString(), integrationNames };
}

// ToolJump's key has no name in it, so that twins share one answer, and keeps `cache: 0` for ever. Both would spoil the comparison.
function answerKey({ metadata }: YardstickIntegration, context: unknown): string {
  const paths = metadata.cacheKey ?? Object.keys(metadata.match.context);
  return [metadata.name, ...paths.map((path) => String(valueAt(context, path)))].join('|');
}

function withToken(token: string): RequestHandler {
  const expected = Buffer.from(token);
  return (request, response, next) => {
    const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ');
    const offered = Buffer.from(given);
    if (scheme === 'Bearer' && offered.length === expected.length && timingSafeEqual(offered, expected)) return next();
    response.status(401).json({ error: 'Invalid token' });
  };
}
