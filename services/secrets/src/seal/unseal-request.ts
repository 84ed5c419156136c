import { Fault, type Grant, type SecretBinding } from '@fingerpost/contracts';
import { hostAndPort, namesHost } from '../bounds/host.ts';
import { isUnder } from '../bounds/is-under.ts';
import type { Secret } from '../store/secret.ts';
import type { SecretStore } from '../store/secret-store.ts';

/** Random letters and digits; shorter ones could stand in a request by chance. */
const PLACEHOLDER = /^[A-Za-z0-9]{24,200}$/;
const AT_MOST = 100;

export interface Sealed {
  method: string;
  url: URL;
  headers: readonly [string, string][];
}

/** The placeholders of one run: where they may stand, and what they stand for. */
export class Seal {
  private readonly names: ReadonlyMap<string, string>;
  private readonly anyPlaceholder: RegExp | undefined;

  /** @throws Fault when a placeholder is none, or names a secret that the grant does not */
  constructor(
    placeholders: Readonly<Record<string, unknown>>,
    private readonly grant: Grant,
    private readonly store: SecretStore,
  ) {
    this.names = new Map(Object.entries(placeholders).map(([text, name]) => [text, this.checkName(text, name)]));
    if (this.names.size > AT_MOST) throw new Fault('request.invalid', `A run has ${AT_MOST} placeholders at most.`);
    // Longest first, so that one inside another does not cut it; one pass, so that a value is never searched for placeholders.
    const texts = [...this.names.keys()].sort((a, b) => b.length - a.length);
    this.anyPlaceholder = texts.length === 0 ? undefined : new RegExp(texts.join('|'), 'g');
  }

  /** A placeholder in the address, in the body or in a header's name stops the call. @throws Fault `secret.misplaced` */
  refuseMisplaced({ method, url, headers }: Sealed, body: Uint8Array): void {
    if (this.anyPlaceholder === undefined) return;
    const address = decodeFully(url.href).toLowerCase();
    const headerNames = headers.map(([name]) => name.toLowerCase()).join('\n');
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    for (const [text, name] of this.names) {
      // Hosts and header names lose their capitals on the way.
      if (address.includes(text.toLowerCase())) misplaced(name, `the address of a ${method} request`);
      if (headerNames.includes(text.toLowerCase())) misplaced(name, 'the name of a header');
      if (bytes.includes(text)) misplaced(name, `the body of a ${method} request`);
    }
  }

  holdsPlaceholder(value: string): boolean {
    return this.namesIn(value).length > 0;
  }

  /** May every secret in this header value go there? */
  mayUnseal(value: string, to: Pick<Sealed, 'method' | 'url'>): boolean {
    return this.namesIn(value).every((name) => whyNot(this.bindingOf(name), to) === undefined);
  }

  /**
   * Puts the real values into the header values, and each value that leaves into `lent`.
   * @throws Fault `secret.misplaced` where the binding does not allow it, `secret.not_found` where there is no value
   */
  async unseal({ method, url, headers }: Sealed, lent: Map<string, Secret>): Promise<[string, string][]> {
    const used = new Set(headers.flatMap(([, value]) => this.namesIn(value)));
    const values = new Map<string, string>();
    for (const name of used) {
      const why = whyNot(this.bindingOf(name), { method, url });
      if (why !== undefined)
        throw new Fault('secret.misplaced', `The secret ${name} may not be used here: ${why}.`, {
          detail: { secret: name },
        });
      const secret = await this.read(name);
      lent.set(name, secret);
      values.set(name, secret.reveal());
    }
    return headers.map(([header, value]) => [header, this.replace(value, (name) => values.get(name)!)]);
  }

  private async read(name: string): Promise<Secret> {
    const secret = await this.store.read(name);
    if (secret === undefined)
      throw new Fault(
        'secret.not_found',
        `Integration "${this.grant.name}" needs the secret ${name}; add it with "npm run secrets -- set ${name}" or set INTEGRATION_${name}.`,
        { detail: { secret: name } },
      );
    if (!isHeaderText(secret.reveal()))
      throw new Fault(
        'secret.misplaced',
        `The value of the secret ${name} cannot stand in a header: it has a line break or another character that headers do not take.`,
      );
    return secret;
  }

  private bindingOf(name: string): SecretBinding {
    return this.grant.secrets[name]!;
  }

  private namesIn(value: string): string[] {
    return this.anyPlaceholder === undefined
      ? []
      : (value.match(this.anyPlaceholder) ?? []).map((text) => this.names.get(text)!);
  }

  private replace(value: string, by: (name: string) => string): string {
    return this.anyPlaceholder === undefined
      ? value
      : value.replace(this.anyPlaceholder, (text) => by(this.names.get(text)!));
  }

  private checkName(text: string, name: unknown): string {
    if (!PLACEHOLDER.test(text)) throw new Fault('request.invalid', 'A placeholder is 24 to 200 letters and digits.');
    if (typeof name !== 'string' || !Object.hasOwn(this.grant.secrets, name))
      throw new Fault(
        'request.forbidden',
        `Integration "${this.grant.name}" has no grant for the secret ${String(name).slice(0, 100)}.`,
      );
    return name;
  }
}

/** Latin-1 without control characters: what HTTP takes, and all that it takes. */
export const isHeaderText = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);

function whyNot(binding: SecretBinding, { method, url }: Pick<Sealed, 'method' | 'url'>): string | undefined {
  if (!binding.slots.includes('header')) return 'it is not bound to header values';
  if (!namesHost(binding.hosts, url))
    return `it may go to ${binding.hosts.join(', ') || 'no host'}, not to ${hostAndPort(url)}`;
  if (!binding.methods.includes(method))
    return `it may be used with ${binding.methods.join(', ') || 'no method'}, not with ${method}`;
  if (!binding.pathPrefixes.some((prefix) => isUnder(prefix, url.pathname)))
    return `it may be used under ${binding.pathPrefixes.join(', ') || 'no path'}, not under ${url.pathname}`;
}

function misplaced(name: string, where: string): never {
  throw new Fault('secret.misplaced', `The secret ${name} stands in ${where}; it may stand in header values only.`, {
    detail: { secret: name },
  });
}

/** Percent signs may be encoded themselves. */
function decodeFully(text: string): string {
  for (let round = 0; round < 5; round++) {
    const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (decoded === text) return text;
    text = decoded;
  }
  return text;
}
