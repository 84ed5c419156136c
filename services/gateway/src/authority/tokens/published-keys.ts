import type { Log, Signer } from '@fingerpost/platform';
import type { IdentityStore } from '../../identity/store/identity-store.ts';
import { thumbprintOf } from './gateway-key.ts';

interface PublishedKey {
  kty: string;
  crv: string;
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
}

const SHELF = 'signing-key';
const RENEW_MS = 60_000;
/** Longer than any token lives that was signed with it. */
const KEEP_MS = 30 * 60_000;

/**
 * The JWKS: the keys of all gateways, for others who want to read our access tokens. We never verify by it: gateways go by the
 * certificate in a token and the root's key in their settings, so that nobody gains by writing into the store.
 */
export class PublishedKeys {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly store: IdentityStore,
    private readonly signer: Signer,
    private readonly log: Log,
  ) {
    this.timer = setInterval(() => void this.publish(), RENEW_MS).unref();
  }

  async publish(): Promise<void> {
    const key = keyOf(this.signer);
    await this.store
      .write(SHELF, key.kid, key, { keepMs: KEEP_MS, isQuiet: true })
      .catch((error) => this.log.warn({ err: error }, 'could not publish the key of access tokens; trying again'));
  }

  async list(): Promise<{ keys: PublishedKey[] }> {
    const others = await this.store.list<PublishedKey>(SHELF);
    const own = keyOf(this.signer);
    return { keys: [own, ...others.map(({ record }) => record).filter(({ kid }) => kid !== own.kid)] };
  }

  close(): void {
    clearInterval(this.timer);
  }
}

function keyOf({ publicKey }: Signer): PublishedKey {
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  return { kty: kty!, crv: crv!, x: x!, kid: thumbprintOf(publicKey), use: 'sig', alg: 'EdDSA' };
}
