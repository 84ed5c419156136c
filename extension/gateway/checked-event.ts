import type { AnswerEvent } from '@fingerpost/bar';
import type { Insight, InsightItem } from '@fingerpost/contracts';

const MOST = {
  integrations: 100,
  insights: 50,
  items: 200,
  name: 100,
  content: 2_000,
  tooltip: 500,
  href: 4_096,
  icon: 100,
};
const TYPES: readonly unknown[] = ['text', 'link', 'dropdown'];
const STATUSES: readonly unknown[] = ['important', 'relevant', 'success', 'none'];

type Fields = Record<string, unknown>;

/** A gateway is somebody else's program: what the bar could stumble over, or a page be buried under, ends here. */
export function checkedEvent({ name, data }: AnswerEvent): AnswerEvent | undefined {
  const fields = fieldsOf(data);
  switch (name) {
    case 'expected':
      return { name, data: { integrations: [...new Set(list(fields.integrations, MOST.integrations, nameOf))] } };
    case 'insight': {
      const integration = nameOf(fields.integration);
      const insight = insightOf(fields.insight);
      const { index, isCached, isStale } = fields;
      if (integration === undefined || insight === undefined || !isIndex(index)) return undefined;
      return { name, data: { integration, index, insight, isCached: isCached === true, isStale: isStale === true } };
    }
    case 'failure': {
      const integration = nameOf(fields.integration);
      if (integration === undefined) return undefined;
      const reason = text(fields.reason, MOST.tooltip) ?? 'it failed';
      return { name, data: { integration, reason, id: text(fields.id, MOST.name) ?? '' } };
    }
    case 'done': {
      const { cacheHits, failedCount, tookMs } = fields;
      return {
        name,
        data: {
          count: count(fields.count),
          cacheHits: count(cacheHits),
          failedCount: count(failedCount),
          tookMs: count(tookMs),
        },
      };
    }
  }
}

function insightOf(value: unknown): Insight | undefined {
  const fields = fieldsOf(value);
  const face = faceOf(fields);
  if (face === undefined || !TYPES.includes(fields.type)) return undefined;
  const items = fields.type === 'dropdown' ? { items: list(fields.items, MOST.items, itemOf) } : {};
  return { ...face, type: fields.type as Insight['type'], ...items };
}

function itemOf(value: unknown): InsightItem | undefined {
  const fields = fieldsOf(value);
  const face = faceOf(fields);
  return face && { ...face, ...(fields.type === 'text' && { type: 'text' as const }) };
}

function faceOf(fields: Fields): InsightItem | undefined {
  const content = text(fields.content, MOST.content);
  if (content === undefined) return undefined;
  const href = typeof fields.href === 'string' && fields.href.length <= MOST.href ? fields.href : undefined;
  const status = STATUSES.includes(fields.status) ? (fields.status as Insight['status']) : undefined;
  const icon = text(fields.icon, MOST.icon);
  const tooltip = text(fields.tooltip, MOST.tooltip);
  return {
    content,
    ...(href && { href }),
    ...(status && { status }),
    ...(icon && { icon }),
    ...(tooltip && { tooltip }),
  };
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const text = (value: unknown, most: number) => (typeof value === 'string' ? value.slice(0, most) : undefined);
const isIndex = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST.insights;
const nameOf = (value: unknown) => text(value, MOST.name) || undefined;
const count = (value: unknown) => (typeof value === 'number' && value >= 0 && value < 1e9 ? Math.floor(value) : 0);

function list<T>(value: unknown, most: number, read: (each: unknown) => T | undefined): T[] {
  return (Array.isArray(value) ? value.slice(0, most) : []).map(read).filter((each) => each !== undefined);
}
