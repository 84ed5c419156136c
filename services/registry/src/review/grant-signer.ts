import type { Grant, GrantList } from '@fingerpost/contracts';
import type { Signer } from '@fingerpost/platform';

/** Signs what the registry lets code do, each statement once: again only under a new certificate, for the old one runs out. */
export class GrantSigner {
  private readonly grants = new Map<string, { revision: number; envelope: Promise<string> }>();
  private certificate: string;

  constructor(private readonly signer: Signer) {
    this.certificate = signer.certificate;
  }

  sign(terms: Omit<Grant, 'revision'>, revision: number): Promise<string> {
    this.forgetUnderOldCertificate();
    const known = this.grants.get(terms.digest);
    if (known?.revision === revision) return known.envelope;
    const envelope = this.signer.sign('grant', { ...terms, revision } satisfies Grant);
    this.grants.set(terms.digest, { revision, envelope });
    return envelope;
  }

  signList(list: GrantList): Promise<string> {
    return this.signer.sign('grant-list', list);
  }

  /** True once after the certificate was renewed: whoever holds grants should come for new ones. */
  forgetUnderOldCertificate(): boolean {
    if (this.certificate === this.signer.certificate) return false;
    this.certificate = this.signer.certificate;
    this.grants.clear();
    return true;
  }

  /** Forgets all but these digests. */
  keepOnly(digests: ReadonlySet<string>): void {
    for (const digest of this.grants.keys()) if (!digests.has(digest)) this.grants.delete(digest);
  }
}
