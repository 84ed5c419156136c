import { Fault, type Grant } from '@fingerpost/contracts';

/** Random letters and digits; shorter ones could stand in a request by chance. */
const PLACEHOLDER = /^[A-Za-z0-9]{24,200}$/;
const AT_MOST = 100;

/** What stands for which secret in one run, and how to find it in a text. */
export class Placeholders {
  private readonly names: ReadonlyMap<string, string>;
  private readonly any: RegExp | undefined;

  /** @throws Fault when a placeholder is none, or names a secret that the grant does not */
  constructor(placeholders: Readonly<Record<string, unknown>>, grant: Grant) {
    this.names = new Map(Object.entries(placeholders).map(([text, name]) => [text, checked(text, name, grant)]));
    if (this.names.size > AT_MOST) throw new Fault('request.invalid', `A run has ${AT_MOST} placeholders at most.`);
    // Longest first, so that one inside another does not cut it; one pass, so that a value is never searched for placeholders.
    const texts = [...this.names.keys()].sort((a, b) => b.length - a.length);
    this.any = texts.length === 0 ? undefined : new RegExp(texts.join('|'), 'g');
  }

  get isEmpty(): boolean {
    return this.any === undefined;
  }

  /** Names of the secrets that this text holds placeholders of, as often as it does. */
  namesIn(text: string): string[] {
    return this.any === undefined ? [] : (text.match(this.any) ?? []).map((found) => this.names.get(found)!);
  }

  replace(text: string, by: (name: string) => string): string {
    return this.any === undefined ? text : text.replace(this.any, (found) => by(this.names.get(found)!));
  }

  /** In a text that loses its capitals on the way, as hosts and header names do. */
  findLowered(text: string): string | undefined {
    const lowered = text.toLowerCase();
    for (const [placeholder, name] of this.names) if (lowered.includes(placeholder.toLowerCase())) return name;
  }
}

function checked(text: string, name: unknown, grant: Grant): string {
  if (!PLACEHOLDER.test(text)) throw new Fault('request.invalid', 'A placeholder is 24 to 200 letters and digits.');
  if (typeof name !== 'string' || !Object.hasOwn(grant.secrets, name))
    throw new Fault(
      'request.forbidden',
      `Integration "${grant.name}" has no grant for the secret ${String(name).slice(0, 100)}.`,
    );
  return name;
}
