import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServer } from '@fingerpost/platform/testing';
import { connect, credsAuthenticator, jwtAuthenticator } from '@nats-io/transport-node';
import { makeIdentities } from './make-identities.ts';
import { GuardedNats } from './testing/guarded-nats.ts';

const program = findServer('nats-server');

(program === undefined ? describe.skip : describe)('a key of a role that was replaced', () => {
  let nats: GuardedNats;
  beforeAll(async () => {
    nats = await GuardedNats.start(program!);
  });
  afterAll(() => nats.close());
  const offline = (name: string) => join(nats.folder, `offline/${name}.nk`);
  const identify = async () => {
    await makeIdentities(nats.folder);
    nats.reload();
    await sleep(500);
  };
  const connectBy = (authenticator: ReturnType<typeof credsAuthenticator>) =>
    connect({ ...nats.address, authenticator, reconnect: false });
  const letsIn = (authenticator: ReturnType<typeof credsAuthenticator>) =>
    connectBy(authenticator).then(
      (connection) => connection.close().then(() => true),
      () => false,
    );

  it('lets nobody in from its end on, and puts out whoever it had let in', async () => {
    const leaked = credsAuthenticator(await nats.creds('gateway'));
    await rename(offline('gateway'), offline('gateway.old'));
    await rm(join(nats.folder, 'creds/gateway.creds'));
    await identify();
    const thief = await connectBy(leaked);
    await rm(offline('gateway.old'));
    await identify();
    expect([await letsIn(leaked), thief.isClosed()]).toEqual([false, true]);
    expect(await letsIn(credsAuthenticator(await nats.creds('gateway')))).toBe(true);
  }, 30_000);

  it('is the same for the key of runners, and for whom it had signed', async () => {
    const { jwt, key } = await nats.admit();
    const leaked = jwtAuthenticator(jwt, key.getSeed());
    await rename(offline('runners'), offline('runners.old'));
    await identify();
    const thief = await connectBy(leaked);
    await rm(offline('runners.old'));
    await identify();
    expect([await letsIn(leaked), thief.isClosed()]).toEqual([false, true]);
  }, 30_000);
});
