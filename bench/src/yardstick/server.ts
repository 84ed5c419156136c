import { timingSafeEqual } from 'node:crypto';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { createLogger, format, transports } from 'winston';
import { z } from 'zod/v3';
import { integrationsFor, valueAt, type YardstickIntegration } from './catalogue.ts';
import { runInVm } from './run-in-vm.ts';

const SITES = ['https://github.com', /^https:\/\/([a-z0-9-]+\.)?console\.aws\.amazon\.com$/];
const TYPES = ['github', 'aws', 'generic'] as const;
const log = createLogger({ format: format.json(), transports: [new transports.Console()] });

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
  app.use(fromKnownSites(catalogue));
  app.use(rateLimit({ windowMs: 15 * 60_000, limit: 1_000_000_000, standardHeaders: true, legacyHeaders: false }));
  app.use(withToken(token));
  app.post('/context', async (request, response) => {
    const asked = contextSchema().safeParse(request.body);
    if (!asked.success)
      return void response.status(400).json({ error: 'Invalid request body', details: asked.error.issues });
    response.json(await answerContext(catalogue, asked.data, answers));
  });
  return app;
}

// zod 3, built anew for every request and ten levels deep, as ToolJump does.
function contextSchema() {
  return z.object({ type: z.enum(TYPES), url: z.string().url() }).catchall(valueSchema(10));
}

function valueSchema(depth: number): z.ZodTypeAny {
  const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
  if (depth === 0) return plain;
  return z.lazy(() => z.union([plain, z.array(valueSchema(depth - 1)), z.record(z.string(), valueSchema(depth - 1))]));
}

/** Which origins may ask: known sites and the hosts in the match rules, gathered from the whole catalogue and logged for every request. */
function fromKnownSites(catalogue: readonly YardstickIntegration[]): RequestHandler {
  return cors((request, done) => {
    const hosts = catalogue.flatMap(hostOf);
    log.info({ operation: 'hosts', hosts, message: `${hosts.length} hosts`, timestamp: new Date().toISOString() });
    const allowed = [...SITES, ...hosts];
    const { origin } = request.headers;
    const isAllowed = allowed.some((site) => (typeof site === 'string' ? site === origin : site.test(origin ?? '')));
    done(null, { origin: origin !== undefined && isAllowed ? [origin] : [] });
  });
}

function hostOf({ metadata: { match } }: YardstickIntegration): string[] {
  const rule = match.context.url;
  if (match.contextType !== 'generic' || rule === undefined || !('startsWith' in rule)) return [];
  return [new URL(rule.startsWith).origin];
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
