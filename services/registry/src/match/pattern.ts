import { type AST, RegExpParser } from '@eslint-community/regexpp';
import type { PatternText } from '@fingerpost/contracts';
import { RE2JS } from 're2js';
import { literalsOf, type PatternLiterals } from './pattern-literals.ts';
import { toRe2 } from './pattern-to-re2.ts';

export const MOST_PATTERN_CHARACTERS = 1_000;
/** What lies behind is not looked at. */
export const MOST_TEXT_CHARACTERS = 8_192;

const parser = new RegExpParser({ ecmaVersion: 2025 });

/** @throws SyntaxError */
export function parsePattern({ source, flags }: PatternText): AST.Pattern {
  return parser.parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
}

/**
 * An author's regular expression, judged in linear time whatever it says. RE2 and JavaScript mean the same by most patterns; where they
 * may not, or where RE2 has no words for it, the answer is yes: the sandbox judges each pattern again before a run, at the run's own cost.
 * What is certain: a text that JavaScript would match is never refused, unless it is longer than what is looked at.
 */
export class Pattern {
  readonly known: PatternLiterals;
  readonly isCaseBlind: boolean;
  private engine: RE2JS | 'inexpressible' | undefined;
  private lastText: string | undefined;
  private lastAnswer = false;

  constructor(private readonly text: PatternText) {
    this.isCaseBlind = text.flags.includes('i');
    this.known = literalsOf(parsePattern(text), text.flags);
    // What no index can find is tried on every page: better compiled when its file comes in than when a page waits.
    if (this.known.prefixes === undefined && this.known.literals.length === 0) this.engine = compile(text);
  }

  mayMatch(whole: string): boolean {
    const text = whole.slice(0, MOST_TEXT_CHARACTERS);
    // Many integrations share a pattern, and one page asks them all.
    if (text !== this.lastText) {
      this.lastAnswer = this.judge(text);
      this.lastText = text;
    }
    return this.lastAnswer;
  }

  private judge(text: string): boolean {
    if ((this.isCaseBlind ? NOT_PLAIN_ASCII : SEEN_DIFFERENTLY).test(text)) return true;
    this.engine ??= compile(this.text);
    return this.engine === 'inexpressible' || this.engine.test(text);
  }
}

// Line ends other than \n and characters of two code units; where case does not count, also letters whose case the two fold differently.
const SEEN_DIFFERENTLY = /[\r\u2028\u2029\ud800-\udfff]/;
const NOT_PLAIN_ASCII = /[\r\u0080-\uffff]/;

function compile(text: PatternText): RE2JS | 'inexpressible' {
  try {
    const { flags } = text;
    const re2Flags =
      (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
      (flags.includes('m') ? RE2JS.MULTILINE : 0) |
      (flags.includes('s') ? RE2JS.DOTALL : 0);
    return RE2JS.compile(toRe2(parsePattern(text)), re2Flags);
  } catch {
    return 'inexpressible';
  }
}

const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, Pattern>();

/** The same text gives the same pattern: compiling costs a hundred times what judging does. */
export function patternOf(text: PatternText): Pattern {
  const key = `/${text.source}/${text.flags}`;
  let pattern = remembered.get(key);
  if (pattern === undefined) {
    pattern = new Pattern(text);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, pattern);
  }
  return pattern;
}
