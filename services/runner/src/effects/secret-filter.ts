import { Fault, isFault } from '@fingerpost/contracts';
import { Redactor, Secret } from '@fingerpost/platform';

/**
 * Keeps what a run was given for its secrets from going further by accident. Of placeholders there is no use elsewhere; revealed values are
 * found as they are and in the usual encodings. No boundary: code that holds a value can hide it in whatever it says.
 */
export class SecretFilter {
  private readonly redactor: Redactor;
  private readonly isEmpty: boolean;

  constructor(
    /** placeholder to secret name */
    private readonly placeholders: Readonly<Record<string, string>>,
    revealed: readonly Secret[] = [],
  ) {
    this.redactor = new Redactor(revealed);
    this.isEmpty = revealed.length === 0 && Object.keys(placeholders).length === 0;
  }

  text(text: string): string {
    return this.redactor.cutText(text); // lines, messages and stacks come cut
  }

  /** @throws Fault `secret.misplaced` where something that stays would hold one */
  refuse(value: unknown, what: string): void {
    if (this.isEmpty) return;
    const json = JSON.stringify(value) ?? '';
    for (const [placeholder, name] of Object.entries(this.placeholders))
      if (json.includes(placeholder))
        throw new Fault(
          'secret.misplaced',
          `${what} holds the placeholder of the secret ${name}. It stands for the value in requests only; leave it out.`,
        );
    if (this.redactor.finds(json))
      throw new Fault(
        'secret.misplaced',
        `${what} holds the value of a secret that was revealed to the code. It must not be kept or shown; leave it out.`,
      );
  }

  /** An error that code raised, with its text and stack. */
  fault(error: unknown): unknown {
    if (!isFault(error)) return error;
    const detail = Object.entries(error.detail ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? this.text(value) : value,
    ]);
    return new Fault(error.code, this.text(error.message), {
      cause: error.cause,
      ...(error.detail !== undefined && { detail: Object.fromEntries(detail) }),
    });
  }
}
