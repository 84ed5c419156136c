import type { MatchRule } from '@fingerpost/contracts';
import { patternOf } from './pattern.ts';

export type RuleCheck = (value: unknown) => boolean;

/** A rule as a question to the field's value; a field that is not there has the value `undefined`. */
export function ruleCheck(rule: MatchRule): RuleCheck {
  if ('exists' in rule) return (value) => (value !== undefined) === rule.exists;
  if ('equals' in rule) return (value) => value === rule.equals;
  if ('in' in rule) return (value) => (rule.in as unknown[]).includes(value);
  if ('startsWith' in rule) return (value) => typeof value === 'string' && value.startsWith(rule.startsWith);
  if ('endsWith' in rule) return (value) => typeof value === 'string' && value.endsWith(rule.endsWith);
  const pattern = patternOf(rule.pattern);
  return (value) => typeof value === 'string' && pattern.mayMatch(value);
}
