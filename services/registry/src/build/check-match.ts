import type { Match, MatchRule, PatternText } from '@fingerpost/contracts';
import { MOST_PATTERN_CHARACTERS, parsePattern, patternOf } from '../match/pattern.ts';
import { describe, didYouMean, type Faults, isRecord, listed } from './faults.ts';

const OPERATORS = ['exists', 'equals', 'in', 'pattern', 'startsWith', 'endsWith'] as const;
const MOST_TEXT = 2_000;
const MOST_VALUES = 1_000;
const FIELD_PATH = /^(?=.{1,200}$)[^.\s]+(\.[^.\s]+)*$/;

/** A rule that is not understood is an error: taken for "no rule", it would match every page. */
export function checkMatch(value: unknown, allowedTypes: readonly string[], faults: Faults): Match | undefined {
  if (!isRecord(value))
    return faults.say(
      'match',
      `must say where the integration runs, such as { contextType: "github", context: {} }, got ${describe(value)}`,
    );
  faults.unknownFields(value, 'match', ['contextType', 'context']);
  const contextType = checkType(value.contextType, allowedTypes, faults);
  const rules = value.context === undefined ? {} : value.context;
  if (!isRecord(rules))
    return faults.say(
      'match.context',
      `must be an object of rules such as { "page.repository": { startsWith: "acme/" } }, got ${describe(rules)}`,
    );

  const checked: [string, MatchRule][] = [];
  for (const [path, rule] of Object.entries(rules)) {
    const field = `match.context.${path}`;
    if (!FIELD_PATH.test(path)) faults.say(field, 'must be a field path such as page.repository');
    const known = checkRule(rule, field, faults);
    if (known !== undefined) checked.push([path, known]);
  }
  if (contextType === 'generic' && faults.all.length === 0) checkNamesPages(Object.fromEntries(checked).url, faults);
  return contextType === undefined ? undefined : { contextType, context: Object.fromEntries(checked) };
}

function checkType(value: unknown, allowed: readonly string[], faults: Faults): string | undefined {
  if (value === '*' || allowed.includes(value as string)) return value as string;
  const hint = typeof value === 'string' ? didYouMean(value, allowed) : '';
  return faults.say(
    'match.contextType',
    `must be ${listed([...allowed, '*'])} (the sites in FINGERPOST_SITES), got ${describe(value)}${hint}`,
  );
}

function checkRule(value: unknown, field: string, faults: Faults): MatchRule | undefined {
  if (isRecord(value) && '$pattern' in value)
    return faults.say(field, 'is a regular expression; write { pattern: /.../ }');
  if (!isRecord(value))
    return faults.say(field, `must be a rule such as { equals: ${describe(value)} }, got ${describe(value)}`);
  const operators = Object.keys(value);
  const unknown = operators.find((operator) => !(OPERATORS as readonly string[]).includes(operator));
  if (unknown !== undefined)
    return faults.say(
      field,
      `unknown rule "${unknown}"${didYouMean(unknown, OPERATORS) || '.'} Rules are ${OPERATORS.join(', ')}`,
    );
  if (operators.length !== 1)
    return faults.say(
      field,
      `needs exactly one rule, got ${operators.length === 0 ? 'none' : operators.join(' and ')}. Rules are ${OPERATORS.join(', ')}`,
    );
  return checkOperand(operators[0] as (typeof OPERATORS)[number], Object.values(value)[0], field, faults);
}

function checkOperand(
  operator: (typeof OPERATORS)[number],
  operand: unknown,
  field: string,
  faults: Faults,
): MatchRule | undefined {
  const at = `${field}.${operator}`;
  switch (operator) {
    case 'exists':
      return typeof operand === 'boolean'
        ? { exists: operand }
        : faults.say(at, `must be true or false, got ${describe(operand)}`);
    case 'equals':
      return isPlain(operand)
        ? { equals: operand }
        : faults.say(at, `must be text, a number, true, false or null, got ${describe(operand)}`);
    case 'in':
      if (!Array.isArray(operand) || operand.length === 0 || operand.length > MOST_VALUES || !operand.every(isPlain))
        return faults.say(at, `must be a list of 1 to ${MOST_VALUES} texts or numbers, got ${describe(operand)}`);
      return { in: operand };
    case 'pattern':
      return checkPattern(operand, at, faults);
    default: {
      const text = faults.text(operand, at, MOST_TEXT);
      if (text === '')
        return faults.say(at, 'is empty and would match every page; write { exists: true } if that is meant');
      return text === undefined ? undefined : ({ [operator]: text } as MatchRule);
    }
  }
}

function checkPattern(operand: unknown, at: string, faults: Faults): MatchRule | undefined {
  const pattern = isRecord(operand) ? operand.$pattern : undefined;
  if (!isPatternText(pattern))
    return faults.say(at, `must be a regular expression such as /^acme\\//, got ${describe(operand)}`);
  if (pattern.source.length > MOST_PATTERN_CHARACTERS)
    return faults.say(at, `is ${pattern.source.length} characters long, ${MOST_PATTERN_CHARACTERS} at most`);
  try {
    parsePattern(pattern);
    return { pattern: { source: pattern.source, flags: pattern.flags } };
  } catch (error) {
    return faults.say(at, `is no valid regular expression: ${(error as Error).message}`);
  }
}

/** `generic` stands for any page there is: the integration has to name its own. */
function checkNamesPages(rule: MatchRule | undefined, faults: Faults): void {
  const addresses = rule === undefined ? undefined : addressesOf(rule);
  if (addresses === undefined || !addresses.every((address) => /^https?:\/\/[^/]/.test(address)))
    faults.say(
      'match.context.url',
      'must name the pages of a generic integration, such as { startsWith: "https://wiki.acme.dev/" }: absolute http or https addresses by startsWith, equals, in, or a pattern that begins with ^https:\\/\\/ and a host',
    );
}

/** What the addresses that a `url` rule lets through begin with, if it says. */
export function addressesOf(rule: MatchRule): string[] | undefined {
  if ('startsWith' in rule) return [rule.startsWith];
  if ('equals' in rule) return [String(rule.equals)];
  if ('in' in rule) return rule.in.map(String);
  return 'pattern' in rule ? patternOf(rule.pattern).known.prefixes : undefined;
}

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const isPatternText = (value: unknown): value is PatternText =>
  isRecord(value) &&
  typeof value.source === 'string' &&
  typeof value.flags === 'string' &&
  /^[dgimsuvy]*$/.test(value.flags);
