import type { AST } from '@eslint-community/regexpp';

/** Counted repeats are written out by the engine: a short pattern can become a very large machine. */
const MOST_STEPS = 3_000;

/**
 * JavaScript's pattern in RE2's words, for texts without the characters that the two see differently (`pattern.ts`).
 * @throws Error where RE2 has no words for it, or needs too many
 */
export const toRe2 = (pattern: AST.Pattern): string => new Translation().oneOf(pattern.alternatives, 1);

class Translation {
  private stepsLeft = MOST_STEPS;

  oneOf(alternatives: AST.Alternative[], repeats: number): string {
    const each = alternatives.map(({ elements }) => elements.map((element) => this.element(element, repeats)).join(''));
    return `(?:${each.join('|')})`;
  }

  private element(node: AST.Element, repeats: number): string {
    this.stepsLeft -= repeats;
    if (this.stepsLeft < 0) throw new Error('the machine would be too large');
    switch (node.type) {
      case 'Character':
        return character(node.value);
      case 'CharacterSet':
        return node.kind === 'any' ? '.' : `[${set(node)}]`;
      case 'CharacterClass':
        return characterClass(node);
      case 'Group':
        if (node.modifiers !== null) break;
        return this.oneOf(node.alternatives, repeats);
      case 'CapturingGroup':
        return this.oneOf(node.alternatives, repeats);
      case 'Quantifier': {
        const most = node.max === Number.POSITIVE_INFINITY ? node.min : node.max;
        return `(?:${this.element(node.element, repeats * Math.max(1, most))})${times(node)}`;
      }
      case 'Assertion':
        if (node.kind === 'start') return '^';
        if (node.kind === 'end') return '$';
        if (node.kind === 'word') return node.negate ? '\\B' : '\\b';
    }
    throw new Error(`RE2 has no ${node.type}`);
  }
}

function times({ min, max }: AST.Quantifier): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return `{${min},${max}}`;
}

function characterClass({ elements, negate, unicodeSets }: AST.CharacterClass): string {
  if (unicodeSets) throw new Error('RE2 has no v flag');
  if (elements.length === 0) return negate ? '[\\x00-\\x{10FFFF}]' : '[^\\x00-\\x{10FFFF}]';
  const parts = elements.map((part) => {
    if (part.type === 'Character') return character(part.value);
    if (part.type === 'CharacterClassRange') return `${character(part.min.value)}-${character(part.max.value)}`;
    if (part.type === 'CharacterSet') return set(part);
    throw new Error('RE2 has no such class');
  });
  return `[${negate ? '^' : ''}${parts.join('')}]`;
}

// JavaScript's white space knows more characters than RE2's.
const SPACE = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NO_SPACE =
  '\\x00-\\x08\\x0e-\\x1f\\x21-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}' +
  '\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

// As it stands within brackets.
function set(node: AST.CharacterSet | AST.EscapeCharacterSet): string {
  if (node.kind === 'digit') return node.negate ? '\\D' : '\\d';
  if (node.kind === 'word') return node.negate ? '\\W' : '\\w';
  if (node.kind === 'space') return node.negate ? NO_SPACE : SPACE;
  throw new Error(`RE2 may know ${node.kind} by another Unicode`);
}

const character = (code: number) => `\\x{${code.toString(16)}}`;
