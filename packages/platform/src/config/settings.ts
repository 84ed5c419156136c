import { readFileSync } from 'node:fs';
import { cleanEnv, EnvError, EnvMissingError, makeValidator, type ValidatorSpec } from 'envalid';
import { Secret } from '../redact/secret.ts';
import { inOurWords } from './in-our-words.ts';

export { bool, EnvError, host, makeValidator, num, port, str, url } from 'envalid';

/** Field name to variable and validator: `port: ['PORT', port({ default: 3000 })]`. */
export type SettingsSpec = Record<string, readonly [variable: string, validator: ValidatorSpec<unknown>]>;

export type SettingsOf<S extends SettingsSpec> = {
  readonly [K in keyof S]: S[K][1] extends ValidatorSpec<infer T> ? T : never;
};

/** Every problem at once, so that nobody mends them one start at a time. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: readonly string[]) {
    super(`These settings are not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads settings from an environment, once, into a frozen object. `NAME_FILE` names a file that holds the value of `NAME`.
 * An empty variable counts as unset: that is what `NAME=` in an env file means.
 * @throws SettingsError
 */
export function readSettings<S extends SettingsSpec>(env: NodeJS.ProcessEnv, spec: S): SettingsOf<S> {
  const problems: string[] = [];
  const variables = Object.values(spec).map(([variable]) => variable);
  const values = Object.fromEntries(
    variables
      .map((variable) => [variable, readVariable(env, variable, problems)])
      .filter(([, value]) => value !== undefined),
  );
  const specs = Object.fromEntries(Object.values(spec)) as Record<string, ValidatorSpec<unknown>>;
  const cleaned = cleanEnv(values, specs, {
    reporter: ({ errors }) => {
      for (const [variable, error] of Object.entries(errors))
        problems.push(
          `${variable}: ${error instanceof EnvMissingError ? missing(specs[variable]) : inOurWords(`${error?.message}`)}`,
        );
    },
  }) as Record<string, unknown>;
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(
    Object.fromEntries(Object.entries(spec).map(([field, [variable]]) => [field, cleaned[variable]])),
  ) as SettingsOf<S>;
}

/** A setting's `desc` says how to come by it. */
const missing = (spec?: ValidatorSpec<unknown>) => ['is missing', ...(spec?.desc ? [spec.desc] : [])].join('; ');

/** The parts of one process, each with a reader of its own: what is wrong with any of them is said in one go. @throws SettingsError */
export function readTogether<T extends object>(
  env: NodeJS.ProcessEnv,
  readers: { [K in keyof T]: (env: NodeJS.ProcessEnv) => T[K] },
): T {
  const problems: string[] = [];
  const read = ([part, reader]: [string, (env: NodeJS.ProcessEnv) => unknown]) => {
    try {
      return [part, reader(env)];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.push(...error.problems);
      return [part, undefined];
    }
  };
  const settings = Object.fromEntries((Object.entries(readers) as Parameters<typeof read>[0][]).map(read));
  if (problems.length > 0) throw new SettingsError([...new Set(problems)]);
  return settings as T;
}

function readVariable(env: NodeJS.ProcessEnv, variable: string, problems: string[]): string | undefined {
  const value = env[variable] || undefined;
  const file = env[`${variable}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) problems.push(`${variable} and ${variable}_FILE are both set; keep one`);
  try {
    return readFileSync(file, 'utf8').trimEnd() || undefined;
  } catch (error) {
    problems.push(`${variable}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

const partsOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** A comma-separated list, trimmed, without empty parts. `faultOf` says what is wrong with a part. */
export const listOf = (faultOf: (part: string) => string | undefined) =>
  makeValidator<string[]>((text) => {
    const parts = partsOf(text);
    const faults = parts.flatMap((part) => faultOf(part) ?? []);
    if (faults.length > 0) throw new EnvError(faults.join('; '));
    return parts;
  });

export const list = listOf(() => undefined);

/** A value that does not show itself wherever the settings are printed. */
export const secret = makeValidator<Secret>((text) => new Secret(text));

/** A file, by its content. `parse` says what of it is wanted, and throws where that is not in it. */
export const fileOf = <T>(what: string, parse: (text: string) => T) =>
  makeValidator<T>((path) => {
    try {
      return parse(readFileSync(path, 'utf8'));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new EnvError(`must name a file that holds ${what}; ${path}: ${code ?? message}`);
    }
  });

/** Where browsers reach something: https, or http on this machine; no path, no user. */
export const webOrigin = makeValidator<string>((text) => {
  const url = URL.parse(text);
  const isRight = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === null || !isRight || url.href !== `${url.origin}/`)
    throw new EnvError(`must be an https address without a path, such as https://fingerpost.acme.dev, got "${text}"`);
  return url.origin;
});

export const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/.test(host);

/** A whole number, this or more. */
export const atLeast = (least: number) =>
  makeValidator<number>((text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new EnvError(`must be a whole number, ${least} or more, got "${text}"`);
    return value;
  });

/** A whole number that is not negative. */
export const count = atLeast(0);

/** A port to listen on; 0 lets the system choose. */
export const listenPort = makeValidator<number>((text) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new EnvError(`must be a port from 0 to 65535, got "${text}"`);
  return value;
});
