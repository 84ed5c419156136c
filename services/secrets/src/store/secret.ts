import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A value that does not show itself: logs, JSON, templates and inspection all say `[redacted]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The one way to the value, easy to search for. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** As an environment variable may be called: what integrations ask for by name. */
export const SECRET_NAME = /^[A-Z0-9_]{1,100}$/;
