import { Fault } from '@fingerpost/contracts';

/** `custom_metadata` of one secret, read key by key: what is not understood ends in a fault that names the key and where it stands. */
export class CustomMetadata {
  constructor(
    private readonly secret: string,
    private readonly at: string,
    private readonly values: Readonly<Record<string, unknown>>,
  ) {}

  /** Other keys may stand there for other purposes, but none that looks like one of ours: a bound that is misspelt bounds nothing. */
  refuseMisspelt(known: readonly string[]): void {
    for (const key of Object.keys(this.values)) {
      const meant = known.find((one) => one !== key && plain(one) === plain(key));
      if (meant !== undefined) this.misread(key, `must be spelt "${meant}"`);
    }
  }

  one(key: string, isGood: RegExp, like: string): string | undefined {
    const value = this.text(key);
    return value === undefined || isGood.test(value) ? value : this.misread(key, `must be like ${like}`);
  }

  list(key: string, isGood: (part: string) => boolean, like: string): string[] | undefined {
    const parts = this.text(key)
      ?.split(',')
      .map((part) => part.trim());
    return parts === undefined || parts.every(isGood) ? parts : this.misread(key, `must be like ${like}`);
  }

  /** @throws Fault `secret.misplaced` */
  misread(key: string, why: string): never {
    throw new Fault(
      'secret.misplaced',
      `The secret ${this.secret} is not used: "${key}" in its custom metadata at ${this.at} ${why}.`,
      { detail: { secret: this.secret } },
    );
  }

  private text(key: string): string | undefined {
    return Object.hasOwn(this.values, key) ? String(this.values[key]).trim() : undefined;
  }
}

/** `Host`, `hosts` and `host_s` are one. */
const plain = (key: string): string => key.toLowerCase().replaceAll(/[^a-z]|s$/g, '');
