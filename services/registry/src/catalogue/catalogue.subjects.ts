import {
  BundleRequest,
  type CatalogueReply,
  CatalogueRequest,
  Fault,
  GrantListRequest,
  registrySubjects,
} from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { GrantSigner } from '../review/sign-grant.ts';
import { Catalogue } from './catalogue.ts';

const ENTRIES_PER_PART = 250;

@Controller()
export class CatalogueSubjects {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly signer: GrantSigner,
  ) {}

  // In parts: one message holds some thousand entries at most.
  @MessagePattern(registrySubjects.catalogue)
  describe(@Payload() _message: CatalogueRequest, @Ctx() context: BusContext): CatalogueReply {
    let part = this.catalogue.describe();
    while (part.entries.length > ENTRIES_PER_PART) {
      context.call.sendItem({ ...part, entries: part.entries.slice(0, ENTRIES_PER_PART) });
      part = { ...part, entries: part.entries.slice(ENTRIES_PER_PART), customDomains: [] };
    }
    return part;
  }

  @MessagePattern(registrySubjects.bundle)
  async bundle(@Payload() { digest }: BundleRequest, @Ctx() context: BusContext): Promise<void> {
    const bytes = this.catalogue.bundles.get(digest);
    if (bytes === undefined) throw new Fault('bundle.not_found', `No bundle has the digest ${digest}.`);
    await context.call.sendBytes(bytes);
  }

  @MessagePattern(registrySubjects.sourceMap)
  async sourceMap(@Payload() { digest }: BundleRequest, @Ctx() context: BusContext): Promise<void> {
    const bytes = this.catalogue.sourceMaps.get(digest);
    if (bytes === undefined) throw new Fault('bundle.not_found', `No source map belongs to the digest ${digest}.`);
    await context.call.sendBytes(bytes);
  }

  @MessagePattern(registrySubjects.grants)
  async grants(@Payload() { nonce }: GrantListRequest, @Ctx() context: BusContext): Promise<void> {
    const { epoch } = this.catalogue.epoch;
    const envelope = await this.signer.signList({ epoch, nonce, revisions: this.catalogue.revisions.inForce() });
    await context.call.sendBytes(Buffer.from(envelope));
  }
}
