/** What docs/operations/keys.md says of the certificates of Redis, Postgres and OpenBao, on a cluster that is in use. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { Change, Child, Cluster } from '@fingerpost/local';
import { type Certified, certify, makeAuthority } from '../../deploy/compose/src/authority.ts';

const NAMES = ['127.0.0.1', 'localhost'];
/** What Postgres is told first by whoever wants TLS. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** A server that shows a certificate, and the services that ask whether they believe it. */
export interface Shown {
  /** where it is asked by TLS */
  port: number;
  isPostgres?: true;
  askedBy: 'gateway' | 'registry' | 'secrets';
  /** what they are told, the file of the authorities that they believe among it */
  tell(ca: string): Change;
  /** shows this one from now on */
  show(certified: Certified): Promise<void>;
}

export class Certificates {
  private readonly ca: string;
  private authority!: Certified;

  constructor(
    private readonly cluster: Cluster,
    private readonly server: Shown,
  ) {
    this.ca = join(cluster.addresses.folder, `${server.askedBy}-believes.pem`);
  }

  /** From here on its services speak TLS with it, as in production. */
  async begin(): Promise<void> {
    this.authority = await makeAuthority();
    await this.renew();
    await writeFile(this.ca, this.authority.cert);
    await this.cluster.restart(this.askers, this.server.tell(this.ca));
  }

  /** By the same authority: nobody has to be told. */
  async renew(): Promise<void> {
    const certified = await certify(NAMES, this.authority);
    await this.server.show(certified);
    const { raw } = new X509Certificate(certified.cert);
    while (!raw.equals(await this.shown())) await sleep(50);
  }

  /** In turn: both authorities are believed, before the server shows a certificate by the new one; then that one alone. */
  async newAuthority(): Promise<void> {
    const before = this.authority;
    this.authority = await makeAuthority();
    await this.believe(before, this.authority);
    await this.renew();
    await this.believe(this.authority);
  }

  private async believe(...authorities: Certified[]): Promise<void> {
    await writeFile(this.ca, authorities.map(({ cert }) => cert).join(''));
    await this.cluster.restart(this.askers);
  }

  /** What it shows to whoever comes now, in DER. */
  private async shown(): Promise<Buffer> {
    const socket = connect(this.server.port, '127.0.0.1');
    if (this.server.isPostgres) {
      socket.write(SSL_REQUEST);
      await once(socket, 'data');
    }
    const encrypted = connectTls({ socket, rejectUnauthorized: false });
    await once(encrypted, 'secureConnect');
    const { raw } = encrypted.getPeerCertificate();
    encrypted.destroy();
    return raw;
  }

  private get askers(): Child[] {
    return this.cluster.named(this.server.askedBy);
  }
}
