import type { Secret } from './secret.ts';

const REDACTED = '[redacted]';
/** A shorter value would be found everywhere, and cut up every answer. */
const SHORTEST = 6;
const SHORTEST_ENCODED = 8;
/** At a cut so many characters of a value, and more, go. */
const SHORTEST_BEGINNING = 4;

/**
 * Takes values that were lent to a run out of what comes back: plain, and as they look inside JSON, addresses and encodings.
 * A guard against accidents (an upstream that echoes a header into an error) and no boundary: whoever wants to hide a value can.
 */
export class Redactor {
  private readonly forms: readonly string[];
  private readonly pattern: RegExp | undefined;
  private readonly longest: number;

  constructor(secrets: Iterable<Secret>) {
    const forms = [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
    this.forms = forms;
    this.longest = forms[0]?.length ?? 0;
    if (forms.length > 0) this.pattern = new RegExp(forms.map(escapeForPattern).join('|'), 'g');
  }

  text(text: string): string {
    return this.pattern === undefined ? text : text.replace(this.pattern, REDACTED);
  }

  /** Of a text that may have been cut before it came here: the beginning of a value before a `…` and at the end goes, too. */
  cutText(text: string): string {
    if (this.pattern === undefined) return text;
    return this.text(text)
      .split('…')
      .map((part) => this.withoutBeginning(part))
      .join('…');
  }

  finds(text: string): boolean {
    return this.text(text) !== text;
  }

  /** A value that lies across chunks is found: the end of each chunk waits for the next. */
  async *body(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    if (this.pattern === undefined) return yield* chunks;
    let held = '';
    for await (const chunk of chunks) {
      // One character for each byte, so that any bytes pass unharmed.
      const seen = held + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      const { done, rest } = this.split(seen);
      held = rest;
      if (done !== '') yield Buffer.from(done, 'latin1');
    }
    if (held !== '') yield Buffer.from(this.text(held), 'latin1');
  }

  private withoutBeginning(part: string): string {
    const longest = Math.max(...this.forms.map((form) => lengthOfBeginning(form, part)));
    return longest < SHORTEST_BEGINNING ? part : `${part.slice(0, -longest)}${REDACTED}`;
  }

  private split(seen: string): { done: string; rest: string } {
    let safe = Math.max(0, seen.length - this.longest + 1);
    // A find that reaches into what would be held back goes as a whole.
    for (const match of seen.matchAll(this.pattern!)) {
      const end = match.index + match[0].length;
      if (match.index < safe && end > safe) safe = end;
    }
    return { done: this.text(seen.slice(0, safe)), rest: seen.slice(safe) };
  }
}

const escapeForPattern = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** How much of a form the text ends with. */
function lengthOfBeginning(form: string, text: string): number {
  let length = Math.min(form.length, text.length);
  while (length > 0 && !text.endsWith(form.slice(0, length))) length--;
  return length;
}

const known = new WeakMap<Secret, string[]>();

function formsOf(secret: Secret): string[] {
  const forms = known.get(secret) ?? findForms(secret.reveal());
  known.set(secret, forms);
  return forms;
}

// Every form as the latin1 text of its bytes.
function findForms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const json = JSON.stringify(value).slice(1, -1);
  const address = encodeURIComponent(value);
  const plain = [value, json, json.replaceAll('/', '\\/'), escapeNonAscii(json)];
  const encoded = [
    address,
    address.replaceAll(/%../g, (code) => code.toLowerCase()),
    address.replaceAll('%20', '+'),
    new URLSearchParams([['', value]]).toString().slice(1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64Forms(bytes),
  ];
  return [
    ...[...plain, ...plain.map((form) => Buffer.from(form, 'utf8').toString('latin1'))].filter(
      (form) => form.length >= SHORTEST,
    ),
    ...encoded.filter((form) => form.length >= SHORTEST_ENCODED),
  ];
}

const escapeNonAscii = (json: string) =>
  json.replaceAll(/[\x7f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Base64 of something that contains the value looks different at each of three offsets; of each, the characters that the value alone
 * decides.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64url');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    const inner = text.slice(from, to);
    return [inner, inner.replaceAll('-', '+').replaceAll('_', '/')];
  });
}
