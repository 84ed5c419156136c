/**
 * Places of a request in which a value may stand. `header`: a header's value; `basic`: user or password of Basic credentials; `query`: the
 * value of a parameter in the address; `body`: a text in a JSON body, or a field's value in a form.
 */
export const SECRET_SLOTS = ['header', 'basic', 'query', 'body'] as const;
export type SecretSlot = (typeof SECRET_SLOTS)[number];

/** A secret that is a key never travels: a token that is minted from it does, for a short time, and for no more than is named here. */
export type Mint =
  | { from: 'github-app'; permissions: Record<string, 'read' | 'write'>; repositories?: string[] }
  | { from: 'google-service-account'; scopes: string[] };

/**
 * Where one secret may travel: hosts (`host`, `host:port`, or one of {@link WILDCARD_HOST}), methods, path prefixes, and the slots that it
 * may stand in. The secret half of an AWS key pair is never put in: requests that the pair signed are signed again, within the same bounds.
 */
export interface SecretBinding {
  hosts: string[];
  methods: string[];
  pathPrefixes: string[];
  slots: SecretSlot[];
  mint?: Mint;
  /** the code is given the value itself: nothing above holds it then, and every time is written down */
  reveal?: boolean;
}

/** Names of the secrets whose values the code holds itself. */
export const revealedNames = (secrets: Readonly<Record<string, SecretTerms>>): string[] =>
  Object.keys(secrets).filter((name) => secrets[name]!.reveal === true);

/** As an environment variable may be called. */
export const SECRET_NAME = /^[A-Z0-9_]{1,100}$/;

/** What an author declares of it; the rest is by default. */
export type SecretTerms = Partial<SecretBinding>;

/**
 * Hosts with a `*`, each one label: a region of AWS behind a service's name, where strangers own nothing; and buckets, which anybody may own:
 * signed requests go there, values do not.
 */
export const WILDCARD_HOST = /^(?:\*\.s3|[a-z0-9-]+)\.\*\.amazonaws\.com$/;

export const CALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
