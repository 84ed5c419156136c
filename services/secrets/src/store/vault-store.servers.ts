import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { findServer } from '@fingerpost/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { linesOfLog } from '../testing/lines-of-log.ts';
import { OpenBao } from '../testing/open-bao.ts';
import { VaultProxy } from '../testing/vault-proxy.ts';
import { Kv } from '../vault/kv.ts';
import { Leases } from '../vault/leases.ts';
import { openVault } from '../vault/open-vault.ts';
import { secretStoreContract } from './secret-store.contract.ts';
import { VaultStore } from './vault-store.ts';

const run = { id: 'a run', forgetAt: Number.POSITIVE_INFINITY };
const SEEN_WITHIN_MS = 2_000;
const program = findServer('bao');

(program === undefined ? describe.skip : describe)('secrets in OpenBao', () => {
  let bao: OpenBao;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    bao = await OpenBao.start(program!);
  }, 30_000);
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => bao.stop());

  async function open(prefix: string, url = new URL(bao.url)) {
    const { log, lines } = linesOfLog();
    const session = openVault({ ...(await bao.settings()), address: { url } }, log);
    const store = new VaultStore({
      kv: new Kv(session, 'secret', prefix),
      leases: new Leases(session, log),
      dynamicMounts: ['database'],
      log,
    });
    closing.push(
      () => store.close(),
      () => session.close(),
    );
    return { store, lines };
  }

  // Each test of the contract has a folder of its own under the prefix that the policy names.
  async function newFolder(values: Record<string, string>): Promise<string> {
    const folder = `fingerpost/${randomUUID()}`;
    await bao.send('POST', 'sys/policies/acl/fingerpost-secrets', { policy: policyFor(folder) });
    for (const [name, value] of Object.entries(values)) await bao.put(name, value, folder);
    return folder;
  }

  secretStoreContract('OpenBao', async (values) => {
    const folder = await newFolder(values);
    const { store } = await open(folder);
    return {
      store,
      change: async (name, value) => void (await bao.put(name, value, folder)),
      takeAway: async (name) => void (await bao.remove(name, folder)),
      untilSeen: () => sleep(SEEN_WITHIN_MS),
    };
  });

  describe('versions', () => {
    it('are those that metadata pins, for everybody, until it says otherwise', async () => {
      const folder = await newFolder({ KEY: 'one' });
      await bao.put('KEY', 'two', folder);
      await bao.bind('KEY', { version: '1' }, folder);
      const { store } = await open(folder);
      expect((await store.read('KEY', run))?.reveal()).toBe('one');
      const before = await store.revision();
      await bao.bind('KEY', { version: '2' }, folder);
      await sleep(SEEN_WITHIN_MS);
      expect((await store.read('KEY', run))?.reveal()).toBe('two');
      expect(await store.revision()).not.toBe(before);
    });

    it('that are deleted, destroyed or made anew under the same number do not linger', async () => {
      const folder = await newFolder({ KEY: 'one', GONE: 'x', SOON: 'y' });
      const { store } = await open(folder);
      expect((await store.read('KEY', run))?.reveal()).toBe('one');
      await bao.send('DELETE', `secret/data/${folder}/GONE`);
      await bao.send('POST', `secret/destroy/${folder}/SOON`, { versions: [1] });
      await bao.remove('KEY', folder);
      await bao.put('KEY', 'anew', folder);
      await sleep(SEEN_WITHIN_MS);
      expect((await store.read('KEY', run))?.reveal()).toBe('anew');
      expect(await store.read('GONE', run)).toBeUndefined();
      expect(await store.names()).toEqual(['KEY']);
    });

    it('without a text in the field "value" are named with the command that writes it', async () => {
      const folder = await newFolder({});
      await bao.send('POST', `secret/data/${folder}/ODD`, { data: { token: 'x', value: 7 } });
      const { store } = await open(folder);
      await expect(store.read('ODD', run)).rejects.toMatchObject({
        code: 'secret.not_found',
        message: expect.stringContaining(`bao kv put secret/${folder}/ODD value=-`),
      });
    });
  });

  it('changes its revision with a binding, and tells what stands there', async () => {
    const folder = await newFolder({ KEY: 'one' });
    const { store } = await open(folder);
    const before = await store.revision();
    expect(await store.binding('KEY')).toBeUndefined();
    await bao.bind('KEY', { hosts: 'api.acme.dev', owner: 'team-a' }, folder);
    await sleep(SEEN_WITHIN_MS);
    expect(await store.revision()).not.toBe(before);
    expect(await store.binding('KEY')).toMatchObject({ hosts: ['api.acme.dev'] });
  });

  it('asks once for many: one login, one look a second, one read of each version', async () => {
    const folder = await newFolder(Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`KEY_${at}`, `v${at}`])));
    const proxy = await VaultProxy.before(bao);
    closing.push(() => proxy.close());
    const { store } = await open(folder, proxy.url);
    const readAll = () => Promise.all(Array.from({ length: 3_000 }, (_, at) => store.read(`KEY_${at % 300}`, run)));
    await readAll();
    await sleep(3_000);
    await readAll();
    expect(proxy.count('auth/')).toBe(1);
    expect(proxy.count('secret/data/')).toBe(300);
    expect(proxy.asked.length).toBeLessThan(300 + 1 + 2 * 6);
  });

  it('asks name by name where a whole folder is not told at once, as Vault does not', async () => {
    const folder = await newFolder({ A: '1', B: '2', C: '3' });
    const proxy = await VaultProxy.before(bao);
    closing.push(() => proxy.close());
    proxy.interfere = ({ path }) => (path.includes('/detailed-metadata/') ? 404 : undefined);
    const { store } = await open(folder, proxy.url);
    expect(await store.names()).toEqual(['A', 'B', 'C']);
    expect((await store.read('B', run))?.reveal()).toBe('2');
    expect(proxy.count('secret/detailed-metadata')).toBe(1);
  });

  it('has no value in what it says, thinks aloud, or shows when it is looked at', async () => {
    const folder = await newFolder({ KEY: 'canary-value' });
    const { store, lines } = await open(folder);
    await store.read('KEY', run);
    expect(lines.join() + inspect(store, { depth: 20, showHidden: true })).not.toContain('canary-value');
  });
});

const policyFor = (folder: string) => `
path "secret/data/${folder}/*" { capabilities = ["read"] }
path "secret/metadata/${folder}" { capabilities = ["list"] }
path "secret/detailed-metadata/${folder}" { capabilities = ["list"] }
path "secret/metadata/${folder}/*" { capabilities = ["read"] }
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
`;
