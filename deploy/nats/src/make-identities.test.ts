import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, decode, fromSeed, parseCreds, type User } from '@nats-io/jwt';

/** As its user runs it: the keys' arithmetic is slow in here. */
const makeIdentities = (folder: string) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../dist/main.js'), folder]);

describe('the key of a role', () => {
  let folder: string;
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  const offline = (name: string) => join(folder, `offline/${name}.nk`);
  const publicKey = async (name: string) =>
    fromSeed(Buffer.from((await read(`offline/${name}.nk`)).trim())).getPublicKey();
  const believed = async () => {
    const tokens = (await read('server/identities.conf')).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)!;
    const account = tokens.map((token) => decode<Account>(token)).find(({ nats }) => nats.signing_keys !== undefined);
    return account!.nats.signing_keys!.map((key) => (typeof key === 'string' ? key : key.key));
  };
  const issuer = async (role: string) => {
    const creds = await parseCreds(Buffer.from(await read(`creds/${role}.creds`)));
    return decode<User>(creds.jwt).iss;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-identities-'));
    await makeIdentities(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is replaced by another, beside which it counts until its file is removed', async () => {
    const role = 'gateway';
    const before = await publicKey(role);
    await rename(offline(role), offline(`${role}.old`));
    await rm(join(folder, `creds/${role}.creds`));
    await makeIdentities(folder);
    const now = await publicKey(role);
    expect(now).not.toBe(before);
    expect(await believed()).toEqual(expect.arrayContaining([before, now]));
    expect(await issuer(role)).toBe(now);

    await rm(offline(`${role}.old`));
    await makeIdentities(folder);
    expect(await believed()).not.toContain(before);
    expect(await issuer(role)).toBe(now);
  });

  it('is taken by servers that run: the operator’s word stays as it is, until the operator is another', async () => {
    const operator = async () => /^operator: .*$/m.exec(await read('server/identities.conf'))![0];
    const before = await operator();
    await rm(offline('gateway'));
    await makeIdentities(folder);
    expect(await operator()).toBe(before);
    await rm(offline('operator'));
    await makeIdentities(folder);
    expect(await operator()).not.toBe(before);
  });

  it('is replaced for runners, too: the secrets service gets the new one', async () => {
    const before = await publicKey('runners');
    await rename(offline('runners'), offline('runners.old'));
    await makeIdentities(folder);
    expect(await believed()).toEqual(expect.arrayContaining([before, await publicKey('runners')]));
    expect(JSON.parse(await read('creds/runner-key.json')).seed).toBe((await read('offline/runners.nk')).trim());
  });
});
