import { Fault, type SecretSlot } from '@fingerpost/contracts';

/**
 * Where whoever keeps a secret lets it go: what stands there holds beside the grant, and the narrower of both counts.
 * What is absent is left to the grant.
 */
export interface StoredBinding {
  hosts?: readonly string[];
  methods?: readonly string[];
  pathPrefixes?: readonly string[];
  slots?: readonly SecretSlot[];
  /** names of integrations */
  integrations?: readonly string[];
  mode?: 'sealed' | 'reveal';
  /** what to do so that a field says something else: `bao kv metadata patch ...` */
  howToChange(field: string, value: string): string;
}

/** May this integration use the secret at all? */
export function refuseOthers(name: string, binding: StoredBinding | undefined, integration: string): void {
  if (binding?.integrations === undefined || binding.integrations.includes(integration)) return;
  const wanted = [...binding.integrations, integration].join(',');
  throw new Fault(
    'secret.misplaced',
    `The secret ${name} is not for integration "${integration}": whoever keeps it names ${binding.integrations.join(', ')}. To let it: ${binding.howToChange('integrations', wanted)}`,
    { detail: { secret: name } },
  );
}

/** May code hold the value itself? Nothing holds a value there: as soon as anything is bounded, it must be said by name. */
export function refuseRevealing(name: string, binding: StoredBinding | undefined): void {
  if (binding === undefined || binding.mode === 'reveal') return;
  const { mode, hosts, methods, pathPrefixes, slots } = binding;
  if ([mode, hosts, methods, pathPrefixes, slots].every((bound) => bound === undefined)) return;
  throw new Fault(
    'secret.misplaced',
    `The secret ${name} may not be held by code, whatever its grant says: whoever keeps it bounds where it may go. To let it: ${binding.howToChange('mode', 'reveal')}`,
    { detail: { secret: name } },
  );
}
