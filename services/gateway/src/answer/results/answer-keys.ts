import type { ContextRead, MatchedIntegration } from '@fingerpost/contracts';
import type { Question } from '../question.ts';
import { declaredFields, fingerprint } from './read-set.ts';

/**
 * Everything but the context that an answer belongs to. A list in JSON, never parts joined by a separator: no two different lists
 * give one text.
 */
export const answerBase = (integration: MatchedIntegration, secretsRevision: string, viewerScope: string): string =>
  JSON.stringify([
    integration.digest,
    integration.grantRevision,
    secretsRevision,
    integration.dataDigest ?? null,
    viewerScope,
  ]);

/** `org`, or the one viewer for whom the answer counts. */
export const viewerScopeOf = (integration: MatchedIntegration, { viewer }: Question): string =>
  integration.scope === 'user' ? viewer.subject : 'org';

/** Under which this question's answer may lie: one for each thing that runs of it have looked at. */
export function answerKeys(
  base: string,
  { cacheKey }: MatchedIntegration,
  { context }: Question,
  readSets: ContextRead[][],
): string[] {
  if (cacheKey !== undefined) return [`declared ${base} ${declaredFields(context, cacheKey)}`];
  return readSets.map((readSet) => `seen ${base} ${fingerprint(context, readSet)}`);
}

export const readSetsKey = (base: string): string => `reads ${base}`;
