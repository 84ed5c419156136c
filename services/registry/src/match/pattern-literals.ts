import type { AST } from '@eslint-community/regexpp';

export interface PatternLiterals {
  /** every match begins with one of these; absent: unknown */
  prefixes: string[] | undefined;
  /** of each of these lists every match contains one text, in small letters where case does not count; the most telling list first */
  literals: string[][];
}

const MOST_TEXTS = 16;
const MOST_LISTS = 4;

/** What every match of a pattern must begin with and contain: that is how an index finds it without trying. */
export function literalsOf({ alternatives }: AST.Pattern, flags: string): PatternLiterals {
  const expand = new Expansion(flags);
  const isAnchored = ({ elements: [first] }: AST.Alternative) => first?.type === 'Assertion' && first.kind === 'start';
  const canBegin = !/[mi]/.test(flags) && alternatives.every(isAnchored);
  const [prefixes] = canBegin ? useful([alternatives.flatMap(({ elements }) => expand.sequence(elements).texts)]) : [];

  const offers = alternatives.map(({ elements }) =>
    useful(beginnings(elements).map((rest) => expand.sequence(rest).texts)),
  );
  const isOne = offers.length === 1;
  const literals = isOne ? offers[0]!.slice(0, MOST_LISTS) : useful([offers.flatMap(([best]) => best ?? [''])]);
  return { prefixes, literals };
}

// Where a longest text may begin: at the start, and behind whatever is not plain.
const beginnings = (elements: AST.Element[]): AST.Element[][] =>
  elements.flatMap((_, at) => (at === 0 || elements[at - 1]!.type !== 'Character' ? [elements.slice(at)] : []));

/** The lists that say something, those of longer texts first: of several texts the shortest counts. */
function useful(lists: string[][]): string[][] {
  const shortest = (texts: string[]) => Math.min(...texts.map((text) => text.length));
  return lists
    .filter((texts) => texts.length <= MOST_TEXTS && !texts.includes(''))
    .sort((a, b) => shortest(b) - shortest(a))
    .map((texts) => [...new Set(texts)]);
}

interface Expanded {
  /** whatever matches begins with one of these */
  texts: string[];
  /** and is exactly one of these */
  isWhole: boolean;
}

const NOTHING_KNOWN: Expanded = { texts: [''], isWhole: false };
const NO_WIDTH: Expanded = { texts: [''], isWhole: true };

class Expansion {
  constructor(private readonly flags: string) {}

  sequence(elements: readonly AST.Element[]): Expanded {
    let texts = [''];
    for (const element of elements) {
      const next = this.element(element);
      if (texts.length * next.texts.length > MOST_TEXTS) return { texts, isWhole: false };
      texts = texts.flatMap((text) => next.texts.map((more) => text + more));
      if (!next.isWhole) return { texts, isWhole: false };
    }
    return { texts, isWhole: true };
  }

  private element(node: AST.Element): Expanded {
    switch (node.type) {
      case 'Character':
        return this.character(node.value);
      case 'CharacterClass':
        return this.characterClass(node);
      case 'Group':
        return node.modifiers === null ? this.oneOf(node.alternatives) : NOTHING_KNOWN;
      case 'CapturingGroup':
        return this.oneOf(node.alternatives);
      case 'Assertion':
        return NO_WIDTH;
      case 'Quantifier':
        return this.quantifier(node);
      default:
        return NOTHING_KNOWN;
    }
  }

  private character(code: number): Expanded {
    const text = String.fromCodePoint(code);
    if (!this.flags.includes('i')) return { texts: [text], isWhole: true };
    // Only ASCII folds the same way everywhere, and with `u` not even k and s do.
    const isSimple = code < 0x80 && !(/[uv]/.test(this.flags) && /[ks]/i.test(text));
    return isSimple ? { texts: [text.toLowerCase()], isWhole: true } : NOTHING_KNOWN;
  }

  private characterClass({ elements, negate }: AST.CharacterClass): Expanded {
    if (negate || elements.length === 0) return NOTHING_KNOWN;
    return this.any(elements.map((part) => (part.type === 'Character' ? this.character(part.value) : NOTHING_KNOWN)));
  }

  private quantifier({ element, min, max }: AST.Quantifier): Expanded {
    if (max === 0) return NO_WIDTH;
    const once = element.type === 'Assertion' ? NO_WIDTH : this.element(element);
    if (min === 0 && max === 1) return this.any([NO_WIDTH, once]);
    if (min === 0) return NOTHING_KNOWN;
    return min === 1 && max === 1 ? once : { ...once, isWhole: false };
  }

  private oneOf(alternatives: AST.Alternative[]): Expanded {
    return this.any(alternatives.map(({ elements }) => this.sequence(elements)));
  }

  private any(parts: Expanded[]): Expanded {
    const texts = [...new Set(parts.flatMap((part) => part.texts))];
    return texts.length > MOST_TEXTS ? NOTHING_KNOWN : { texts, isWhole: parts.every((part) => part.isWhole) };
  }
}
