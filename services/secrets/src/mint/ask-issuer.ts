import { DEFAULT_LIMITS, Fault } from '@fingerpost/contracts';
import { hostAndPort } from '../bounds/host.ts';
import { makeCall, type WaysOut } from '../outbound/make-call.ts';
import type { AskIssuer } from './issuer.ts';

const TIMEOUT_MS = 10_000;
const LIMITS = { ...DEFAULT_LIMITS, responseBytes: 100_000 };
const NOTHING_SEALED = {
  unseal: async <T>(request: T) => request,
  holdsPlaceholder: () => false,
  noteRefusal() {},
  mayUnseal: () => true,
};

/** Issuers are called as integrations call: same guard, same connections. A redirect ends it: what is asked is signed with a key. */
export const askIssuer =
  (ways: WaysOut): AskIssuer =>
  async ({ url, headers, body }) => {
    const host = hostAndPort(url);
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Fault('outbound.failed', `${host} did not answer in time.`)),
      TIMEOUT_MS,
    );
    try {
      const made = await makeCall(ways, {
        method: 'POST',
        url,
        headers,
        body: Buffer.from(body),
        redirect: 'error',
        grant: { name: 'minting a token', hosts: [host], limits: LIMITS },
        seal: NOTHING_SEALED,
        lent: new Set(),
        signal: late.signal,
        checkAgain: () => {},
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of made.body) chunks.push(chunk);
      return { status: made.head.status, body: Buffer.concat(chunks).toString() };
    } finally {
      clearTimeout(timer);
    }
  };
