/** What docs/operations/keys.md says of NATS, step by step, on a cluster that is in use. */
import { readFileSync } from 'node:fs';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, type Cluster, makeIdentities, REPOSITORY } from '@fingerpost/local';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { certify, makeAuthority } from '../../deploy/compose/src/authority.ts';

export type Credentials = 'gateway' | 'registry' | 'secrets' | 'join';

const NAMES = ['127.0.0.1', 'localhost'];

export class NatsKeys {
  constructor(private readonly cluster: Cluster) {}

  async newCredentials(of: Credentials): Promise<void> {
    await rm(this.creds(of));
    await this.identify();
    await this.cluster.restart(this.whoHas(of));
  }

  /** @returns whether credentials by the old key are refused at its end, and were not before */
  async newKeyOfRole(of: Credentials): Promise<boolean> {
    const before = await readFile(this.creds(of));
    await rename(this.offline(of), this.offline(`${of}.old`));
    await rm(this.creds(of));
    await this.identify();
    await this.cluster.restart(this.whoHas(of));
    const wasGood = await this.letsIn(before);
    await this.forget(of);
    return wasGood && !(await this.letsIn(before));
  }

  async newKeyForRunners(): Promise<void> {
    await rename(this.offline('runners'), this.offline('runners.old'));
    await this.identify();
    await this.cluster.restart(this.cluster.named('secrets'));
    await this.cluster.restart(this.cluster.named('runner'));
    await this.forget('runners');
  }

  async newOperator(): Promise<void> {
    await rm(this.offline('operator'));
    await makeIdentities(REPOSITORY, this.folder);
    await this.cluster.engines.nats.restart();
  }

  /** Nobody is who they were: all of it at once. */
  async newAccount(): Promise<void> {
    for (const part of ['offline', 'creds']) await rm(join(this.folder, part), { recursive: true });
    await makeIdentities(REPOSITORY, this.folder);
    await this.cluster.engines.nats.restart();
    const children = [...this.cluster.services.values()];
    await Promise.all(children.map((child) => child.stop()));
    for (const child of children) child.startAgain();
    await Promise.all(children.map((child) => child.says('started')));
  }

  /** A certificate by another authority, which all believe before NATS has it. */
  async newAuthority(): Promise<void> {
    const { ca } = this.cluster.addresses.nats;
    const authority = await makeAuthority();
    await appendFile(ca, authority.cert);
    await this.cluster.restart();
    await this.present(await certify(NAMES, authority));
    await writeFile(ca, authority.cert);
    await this.cluster.restart();
    await this.present(await certify(NAMES, authority)); // and one that follows by the same authority needs no restart
  }

  private async present({ cert, key }: { cert: string; key: string }): Promise<void> {
    await writeFile(join(this.folder, 'cert.pem'), cert);
    await writeFile(join(this.folder, 'key.pem'), key);
    await this.cluster.engines.nats.reload();
  }

  private async forget(name: string): Promise<void> {
    await rm(this.offline(`${name}.old`));
    await this.identify();
  }

  private async identify(): Promise<void> {
    await makeIdentities(REPOSITORY, this.folder);
    await this.cluster.engines.nats.reload();
  }

  private whoHas(credentials: Credentials): Child[] {
    return this.cluster.named(credentials === 'join' ? 'runner' : credentials);
  }

  private async letsIn(creds: Uint8Array): Promise<boolean> {
    const { url, ca } = this.cluster.addresses.nats;
    const servers = url.replace('tls://', '');
    const options = { servers, tls: { ca: readFileSync(ca, 'utf8') }, authenticator: credsAuthenticator(creds) };
    return await connect({ ...options, reconnect: false }).then(
      (connection) => connection.close().then(() => true),
      (error: Error) => {
        if (!/authori[sz]ation/i.test(error.message)) throw error;
        return false;
      },
    );
  }

  private get folder(): string {
    return this.cluster.addresses.nats.identities;
  }

  private offline(name: string): string {
    return join(this.folder, `offline/${name}.nk`);
  }

  private creds(of: Credentials): string {
    return join(this.folder, `creds/${of}.creds`);
  }
}
