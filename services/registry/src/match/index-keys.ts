import type { MatchRule } from '@fingerpost/contracts';
import { patternOf } from './pattern.ts';

/** How an integration is found by one of its rules; `exists` is the last resort. */
export type KeyKind = 'equals' | 'startsWith' | 'endsWith' | 'contains' | 'containsCaseBlind' | 'exists';

export interface RuleKeys {
  kind: KeyKind;
  /** any one of them leads to the integration */
  values: unknown[];
}

/** Under which keys a rule can be filed, by choice: whatever fulfils the rule has one value of each. None: found only by trying. */
export function keysOf(rule: MatchRule): RuleKeys[] {
  if ('equals' in rule) return [{ kind: 'equals', values: [rule.equals] }];
  if ('in' in rule) return [{ kind: 'equals', values: [...new Set(rule.in)] }];
  if ('startsWith' in rule) return [{ kind: 'startsWith', values: [rule.startsWith] }];
  if ('endsWith' in rule) return [{ kind: 'endsWith', values: [rule.endsWith] }];
  if ('exists' in rule) return rule.exists ? [IS_THERE] : [];
  const { known, isCaseBlind } = patternOf(rule.pattern);
  const contains = known.literals.map(
    (values) => ({ kind: isCaseBlind ? 'containsCaseBlind' : 'contains', values }) as const,
  );
  return [
    ...(known.prefixes === undefined ? [] : [{ kind: 'startsWith', values: known.prefixes } as const]),
    ...contains,
    IS_THERE,
  ];
}

const IS_THERE: RuleKeys = { kind: 'exists', values: [true] };
