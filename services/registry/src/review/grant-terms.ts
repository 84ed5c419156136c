import {
  DEFAULT_LIMITS,
  type Grant,
  type Isolation,
  type Metadata,
  type SecretBinding,
  type SecretTerms,
} from '@fingerpost/contracts';

export interface ReviewSettings {
  isFolderApproved: boolean;
  defaultIsolation?: Isolation;
}

/**
 * What a version from the folder may do: whoever may write there grants it the hosts that it declares or that were derived from it,
 * and its secrets travel to those hosts and to no others.
 */
export function grantTerms(
  digest: string,
  metadata: Metadata,
  hosts: { hosts: string[]; areHostsDerived: boolean },
  settings: ReviewSettings,
): Omit<Grant, 'revision'> {
  const { name, scope, groups, requiredSecrets, secrets = {} } = metadata;
  const bindings = requiredSecrets.map((secret) => [secret, bindingOf(secrets[secret], hosts.hosts)] as const);
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

const bindingOf = (terms: SecretTerms | undefined, hosts: string[]): SecretBinding => ({
  hosts,
  ...(terms === undefined ? UNSAID : { ...SAID, ...terms }),
});

// Unapproved code and code that is told who looks start from nothing. Whoever may write the folder may ask for `warm` and gets it.
function isolationOf(
  { scope, isolation }: Metadata,
  { isFolderApproved, defaultIsolation }: ReviewSettings,
): Isolation {
  if (!isFolderApproved || scope === 'user' || isolation === 'fresh') return 'fresh';
  return isolation ?? defaultIsolation ?? 'clean';
}
