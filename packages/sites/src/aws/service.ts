import { type Look, readPathOf } from '../look.ts';
import type { Fields, Part } from '../site.ts';
import { accountOf } from './account.ts';

/** Which service a page belongs to, for all that have no part of their own. */
export const service: Part = {
  name: 'aws.service',
  runsOn: ({ segments }) => segments[0] !== undefined && segments[0] !== 'console',
  read: ({ segments }) => ({ service: { name: NAMES.get(segments[0]!) ?? segments[0]! } }),
};

// Consoles that were built anew have another address than the service's name.
const NAMES = new Map([
  ['dynamodbv2', 'dynamodb'],
  ['ec2v2', 'ec2'],
]);

export const isService = (look: Look, ...names: string[]): boolean => names.includes(look.segments[0] ?? '');

export const serviceFields = (
  name: string,
  section: string | undefined,
  resourceName?: string | null,
  arn?: string,
): Fields => ({
  service: { name, ...(section && { section }), ...(resourceName && { resourceName }), ...(arn && { arn }) },
});

/**
 * The ARN that the page shows for a resource of the account that is open: what people write into descriptions may name others. While the page is
 * still being drawn, the one that was read for the same resource before.
 */
export function arnShown(
  look: Look,
  [service, kind]: [service: string, kind: string],
  resourceName: string,
): string | undefined {
  const account = accountOf(look) ?? '\\d{12}';
  const pattern = new RegExp(
    `arn:aws[a-z-]*:${service}:[a-z0-9-]+:${account}:${kind}${literally(resourceName)}(?![\\w.-])`,
  );
  const text = look.glimpse('main', '[role="main"]')?.textContent?.slice(0, MOST_TEXT) ?? '';
  const shown = pattern.exec(text)?.[0];
  if (shown !== undefined) return shown;
  const isSame = readPathOf(look.before, 'service', 'resourceName') === resourceName;
  const known = isSame ? readPathOf(look.before, 'service', 'arn') : undefined;
  return typeof known === 'string' ? known : undefined;
}

const MOST_TEXT = 200_000;

/** A name within a pattern, taken literally. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
