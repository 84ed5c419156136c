import type { Secret } from '@fingerpost/platform';
import { describe, expect, it } from '@jest/globals';
import { MemoryStore } from '../store/memory-store.ts';
import type { StoredBinding } from '../store/stored-binding.ts';
import { NO_MINTER } from '../testing/no-minter.ts';
import { bindTo, grantFor, PLACEHOLDER } from '../testing/world.ts';
import type { Outgoing } from './slots.ts';
import { Seal } from './unseal-request.ts';

const HOST = 'api.acme.dev';
const grant = grantFor([HOST, 'other.acme.dev'], {
  secrets: { GH_TOKEN: bindTo([HOST, 'other.acme.dev'], { slots: ['header', 'query'], pathPrefixes: ['/v1'] }) },
});

/** Whoever keeps the secret says this of it. */
function sealUnder(kept: Partial<StoredBinding>): Seal {
  const store = Object.assign(new MemoryStore({ GH_TOKEN: 'ghp_real' }), {
    binding: async () => ({ ...kept, howToChange: (field: string, value: string) => `set ${field}=${value}` }),
  });
  return new Seal({ [PLACEHOLDER]: 'GH_TOKEN' }, grant, store, NO_MINTER);
}

const send = (kept: Partial<StoredBinding>, url = `https://${HOST}/v1/x`, change: Partial<Outgoing> = {}) =>
  sealUnder(kept).unseal(
    { method: 'GET', url: new URL(url), headers: [['authorization', PLACEHOLDER]], body: new Uint8Array(), ...change },
    new Set<Secret>(),
  );

describe('bounds of whoever keeps a secret', () => {
  it('leave to the grant what they do not name', async () => {
    expect((await send({})).headers[0]![1]).toBe('ghp_real');
    expect(
      (await send({ hosts: [HOST], methods: ['GET'], pathPrefixes: ['/'], slots: ['header'] })).headers[0]![1],
    ).toBe('ghp_real');
  });

  it.each<[string, Partial<StoredBinding>, string]>([
    ['another host', { hosts: ['other.acme.dev'] }, 'set hosts=other.acme.dev,api.acme.dev'],
    ['another method', { methods: ['POST'] }, 'set methods=POST,GET'],
    ['another path', { pathPrefixes: ['/v2'] }, 'set paths=/v2,/v1/x'],
    ['another slot', { slots: ['query'] }, 'set slots=header'],
    ['another integration', { integrations: ['pager'] }, 'set integrations=pager,deploys'],
    ['no host at all', { hosts: [] }, 'set hosts=api.acme.dev'],
  ])('hold against a grant that says more: %s', async (_what, kept, howTo) => {
    await expect(send(kept)).rejects.toMatchObject({
      code: 'secret.misplaced',
      message: expect.stringMatching(/whoever keeps (it|the secret)/),
    });
    await expect(send(kept)).rejects.toThrow(howTo);
  });

  it('do not widen a grant', async () => {
    const wide = {
      hosts: ['evil.example', HOST],
      methods: ['GET', 'DELETE'],
      pathPrefixes: ['/'],
      slots: ['body' as const, 'header' as const],
    };
    await expect(send(wide, 'https://evil.example/v1/x')).rejects.toThrow('it may go to api.acme.dev, other.acme.dev');
    await expect(send(wide, `https://${HOST}/v2`)).rejects.toThrow('it may be used under /v1');
    await expect(send(wide, undefined, { method: 'DELETE' })).rejects.toThrow('write methods:');
  });

  it('hold on the way of a redirect too', async () => {
    const seal = sealUnder({ hosts: [HOST] });
    const from = new URL(`https://${HOST}/v1/x`);
    expect(seal.mayUnseal(PLACEHOLDER, { method: 'GET', url: from }, from)).toBe(false); // nobody has said anything yet
    await seal.unseal(
      { method: 'GET', url: from, headers: [['authorization', PLACEHOLDER]], body: new Uint8Array() },
      new Set(),
    );
    expect(seal.mayUnseal(PLACEHOLDER, { method: 'GET', url: from }, from)).toBe(true);
    const other = new URL('https://other.acme.dev/v1/x');
    expect(seal.mayUnseal(PLACEHOLDER, { method: 'GET', url: other }, from)).toBe(false);
  });
});
