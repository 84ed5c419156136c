import { Fault } from './error-codes.ts';

export const INSIGHT_STATUSES = ['important', 'relevant', 'success', 'none'] as const;
export type InsightStatus = (typeof INSIGHT_STATUSES)[number];

/** One thing in the bar. `content` and `tooltip` are plain text, `href` is a link that a person may click. */
export interface Insight {
  type: 'text' | 'link' | 'dropdown';
  content: string;
  href?: string;
  status?: InsightStatus;
  icon?: string;
  tooltip?: string;
  items?: InsightItem[];
}

export interface InsightItem {
  type?: 'text' | 'link';
  content: string;
  href?: string;
  status?: InsightStatus;
  icon?: string;
  tooltip?: string;
}

export const INSIGHT_LIMITS = {
  insights: 50,
  items: 200,
  content: 2_000,
  href: 4_096,
  tooltip: 500,
  icon: 100,
} as const;

const TYPES: readonly unknown[] = ['text', 'link', 'dropdown'];
const ITEM_TYPES: readonly unknown[] = [undefined, 'text', 'link'];

/**
 * Turns what an integration returned into insights: nothing becomes none, one becomes a list of one, unknown fields are left out.
 * Runs at the runner and again wherever an answer is read back, so that neither a bus nor a cache can slip anything else in.
 * @throws Fault `run.result_invalid` that names the first wrong field, e.g. `insight[0].href`.
 */
export function checkInsights(value: unknown): Insight[] {
  if (value === undefined || value === null || value === false) return [];
  const list = Array.isArray(value) ? value : [value];
  if (list.length > INSIGHT_LIMITS.insights)
    refuse('insights', `are ${list.length}, ${INSIGHT_LIMITS.insights} at most`);
  return list.map((item, index) => checkInsight(item, `insight[${index}]`));
}

function checkInsight(value: unknown, path: string): Insight {
  const record = asRecord(value, path);
  if (!TYPES.includes(record.type)) refuse(`${path}.type`, 'must be "text", "link" or "dropdown"');
  const insight = { type: record.type, ...checkFace(record, path) } as Insight;
  if (insight.type === 'link' && insight.href === undefined) refuse(`${path}.href`, 'is missing: a link needs one');
  if (insight.type === 'dropdown') insight.items = checkItems(record.items, `${path}.items`);
  return insight;
}

function checkItems(value: unknown, path: string): InsightItem[] {
  if (!Array.isArray(value)) return refuse(path, 'must be a list: a dropdown needs one');
  if (value.length > INSIGHT_LIMITS.items) refuse(path, `are ${value.length}, ${INSIGHT_LIMITS.items} at most`);
  return value.map((item, index) => {
    const record = asRecord(item, `${path}[${index}]`);
    if (!ITEM_TYPES.includes(record.type)) refuse(`${path}[${index}].type`, 'must be "text" or "link"');
    const face = checkFace(record, `${path}[${index}]`);
    return record.type === undefined ? face : ({ type: record.type, ...face } as InsightItem);
  });
}

// The fields that insights and items share.
function checkFace(record: Record<string, unknown>, path: string): InsightItem {
  const face: InsightItem = { content: checkText(record.content, `${path}.content`, INSIGHT_LIMITS.content) };
  if (isThere(record.href)) face.href = checkHref(record.href, `${path}.href`);
  if (isThere(record.icon)) face.icon = checkText(record.icon, `${path}.icon`, INSIGHT_LIMITS.icon);
  if (isThere(record.tooltip)) face.tooltip = checkText(record.tooltip, `${path}.tooltip`, INSIGHT_LIMITS.tooltip);
  if (isThere(record.status)) {
    if (!(INSIGHT_STATUSES as readonly unknown[]).includes(record.status))
      refuse(`${path}.status`, `must be one of ${INSIGHT_STATUSES.join(', ')}`);
    face.status = record.status as InsightStatus;
  }
  return face;
}

/** Only web links: `javascript:`, `data:` and their like would run in the page of whoever clicks. */
function checkHref(value: unknown, path: string): string {
  const text = checkText(value, path, INSIGHT_LIMITS.href);
  const url = URL.parse(text);
  if (url === null) return refuse(path, `must be an absolute address, got ${JSON.stringify(text.slice(0, 80))}`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    refuse(path, `must begin with https:// or http://, "${url.protocol}" links are refused`);
  return text;
}

function checkText(value: unknown, path: string, atMost: number): string {
  if (typeof value !== 'string') return refuse(path, `must be text, got ${value === null ? 'null' : typeof value}`);
  if (value.length > atMost) refuse(path, `is ${value.length} characters long, ${atMost} at most`);
  return value;
}

function asRecord(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(path, 'must be an object such as { type: "text", content: "..." }');
  return value as Record<string, unknown>;
}

function refuse(path: string, message: string): never {
  throw new Fault('run.result_invalid', `${path} ${message}.`, { detail: { path } });
}

const isThere = (value: unknown) => value !== undefined && value !== null;
