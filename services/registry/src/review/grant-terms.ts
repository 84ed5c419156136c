import {
  DEFAULT_LIMITS,
  Fault,
  type Grant,
  type Isolation,
  type Metadata,
  revealedNames,
  type SecretBinding,
  type SecretTerms,
} from '@fingerpost/contracts';
import { whyNotBindable } from './judge-bindings.ts';

export interface ReviewSettings {
  isFolderApproved: boolean;
  /** `integration:SECRET@digest`: reviewed code that may hold a value itself */
  revealed: readonly string[];
  defaultIsolation?: Isolation;
}

/**
 * What a version from the folder may do: whoever may write there grants it the hosts that it declares or that were derived from it,
 * and its secrets travel to those hosts and to no others.
 * @throws Fault `metadata.invalid` for a secret that would go where it is told to anybody, and for code that would hold one unreviewed
 */
export function grantTerms(
  digest: string,
  metadata: Metadata,
  hosts: { hosts: string[]; areHostsDerived: boolean },
  settings: ReviewSettings,
): Omit<Grant, 'revision'> {
  refuseUnreviewed(digest, metadata, settings);
  const { name, scope, groups, requiredSecrets, secrets = {} } = metadata;
  const bindings = requiredSecrets.map((secret) => [secret, bindingOf(secrets[secret], hosts.hosts)] as const);
  const refused = bindings.flatMap(([secret, binding]) => whyNotBindable(secret, binding) ?? []);
  if (refused.length > 0) throw invalid(refused.join('; '));
  return {
    digest,
    name,
    scope,
    groups,
    isolation: isolationOf(metadata, settings),
    isApproved: settings.isFolderApproved,
    ...hosts,
    secrets: Object.fromEntries(bindings),
    limits: DEFAULT_LIMITS,
  };
}

/** ToolJump's files say nothing of where a secret goes: to whatever they call, in the ways that APIs take credentials. */
const UNSAID: Omit<SecretBinding, 'hosts'> = {
  methods: ['GET', 'HEAD', 'POST'],
  pathPrefixes: ['/'],
  slots: ['header', 'basic'],
};
/** Whoever says something gets no more than that. */
const SAID: Omit<SecretBinding, 'hosts'> = { methods: ['GET', 'HEAD'], pathPrefixes: ['/'], slots: ['header'] };

/** The code holds the value: there is no placeholder that could stand anywhere. */
const REVEALED: SecretBinding = { hosts: [], methods: [], pathPrefixes: [], slots: [], reveal: true };

function bindingOf(terms: SecretTerms | undefined, hosts: string[]): SecretBinding {
  if (terms === undefined) return { hosts, ...UNSAID };
  return terms.reveal === true ? REVEALED : { hosts, ...SAID, ...terms };
}

// Whoever may write the folder approves all but this: it takes the platform team, for each state of the code anew.
function refuseUnreviewed(digest: string, { name, secrets = {} }: Metadata, settings: ReviewSettings): void {
  const wanted = revealedNames(secrets).map((secret) => ({ secret, entry: `${name}:${secret}@${digest}` }));
  if (wanted.length > 0 && !settings.isFolderApproved)
    throw invalid(`secrets.${wanted[0]!.secret}.reveal: code of this folder counts as unapproved and holds no values`);
  const [missing] = wanted.filter(({ entry }) => !settings.revealed.includes(entry));
  if (missing !== undefined)
    throw invalid(
      `secrets.${missing.secret}.reveal: this code would hold the value itself, and nobody has reviewed it for that. To have a value sent, leave "reveal" out and use the placeholder; else have the platform team add ${missing.entry} to FINGERPOST_REVEAL, again after each change of the code`,
    );
}

const invalid = (message: string) => new Fault('metadata.invalid', message);

// Unapproved code, and code that is told who looks or a value, start from nothing. Whoever may write the folder may ask for `warm` and gets it.
function isolationOf(
  { scope, isolation, secrets = {} }: Metadata,
  { isFolderApproved, defaultIsolation }: ReviewSettings,
): Isolation {
  const holdsValues = revealedNames(secrets).length > 0;
  if (!isFolderApproved || scope === 'user' || holdsValues || isolation === 'fresh') return 'fresh';
  return isolation ?? defaultIsolation ?? 'clean';
}
