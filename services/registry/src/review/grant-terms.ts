import { DEFAULT_LIMITS, type Grant, type Isolation, type Metadata } from '@fingerpost/contracts';

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
  const { name, scope, groups, requiredSecrets } = metadata;
  const binding = {
    hosts: hosts.hosts,
    methods: ['GET', 'HEAD', 'POST'],
    pathPrefixes: ['/'],
    slots: ['header' as const],
  };
  return {
    digest,
    name,
    scope,
    groups,
    isolation: isolationOf(metadata, settings),
    isApproved: settings.isFolderApproved,
    ...hosts,
    secrets: Object.fromEntries(requiredSecrets.map((secret) => [secret, binding])),
    limits: DEFAULT_LIMITS,
  };
}

// Unapproved code and code that is told who looks start from nothing. Whoever may write the folder may ask for `warm` and gets it.
function isolationOf(
  { scope, isolation }: Metadata,
  { isFolderApproved, defaultIsolation }: ReviewSettings,
): Isolation {
  if (!isFolderApproved || scope === 'user' || isolation === 'fresh') return 'fresh';
  return isolation ?? defaultIsolation ?? 'clean';
}
