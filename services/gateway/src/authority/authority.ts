import { type Log, RememberedVerifier, type Signer, type Verifier } from '@fingerpost/platform';
import type { FastifyInstance } from 'fastify';
import type { Identity } from '../identity/identity.ts';
import { CallerLimit } from '../limit/caller-limit.ts';
import { Interactions } from './interactions.ts';
import { makeProvider } from './make-provider.ts';
import { mountAuthority } from './mount-authority.ts';
import { AccessTokens } from './tokens/access-tokens.ts';
import { PublishedKeys } from './tokens/published-keys.ts';

export interface AuthorityParts {
  identity: Pick<Identity, 'origin' | 'store' | 'sessions' | 'web' | 'audit'>;
  extensionRedirects: readonly string[];
  signer: Signer;
  verifier: Verifier;
  log: Log;
  now?: () => number;
}

const REMEMBERED_TOKENS = 50_000;
const TRIES_A_MINUTE = 30;

export interface Authority {
  accessTokens: AccessTokens;
  routes: (server: FastifyInstance) => Promise<void>;
  close(): void;
}

/** The authorization server for our own programs, put together: the extension and the command line sign in by it. */
export async function openAuthority(parts: AuthorityParts): Promise<Authority> {
  const { identity, extensionRedirects, signer, verifier, log, now } = parts;
  const { origin: issuer, sessions, web, store, audit } = identity;
  const provider = makeProvider({ issuer, extensionRedirects, store, sessions, audit, signer, log, now });
  const keys = new PublishedKeys(store, signer, log);
  await keys.publish();
  const tries = new CallerLimit(TRIES_A_MINUTE);
  return {
    accessTokens: new AccessTokens(new RememberedVerifier(verifier, REMEMBERED_TOKENS), sessions, issuer, now),
    routes: mountAuthority({
      provider,
      keys,
      interactions: new Interactions(provider, sessions, web, audit),
      limitTries: (address) => tries.take(address),
    }),
    close: () => keys.close(),
  };
}
