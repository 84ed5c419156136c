import { Fault, type Grant, type MatchedIntegration } from '@fingerpost/contracts';
import type { RememberedVerifier } from '@fingerpost/platform';

/**
 * What an integration is allowed, in the registry's own signature. Match lists come over the bus unsigned, so whatever decides
 * about secrets or viewers is read from here.
 * @throws Fault `signature.*`, or `grant.unknown` when it is the grant of something else
 */
export async function grantOf(integration: MatchedIntegration, verifier: RememberedVerifier): Promise<Grant> {
  const grant = await verifier.verify<Grant>('grant', integration.grant);
  const isItsOwn =
    grant.digest === integration.digest &&
    grant.name === integration.name &&
    grant.revision === integration.grantRevision &&
    grant.scope === integration.scope;
  if (!isItsOwn)
    throw new Fault('grant.unknown', `The grant that came with "${integration.name}" belongs to something else.`);
  return grant;
}
