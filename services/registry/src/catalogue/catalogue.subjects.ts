import {
  BundleRequest,
  type CatalogueReply,
  CatalogueRequest,
  GrantListRequest,
  registrySubjects,
} from '@fingerpost/contracts';
import { BusContext } from '@fingerpost/platform';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { GrantSigner } from '../review/grant-signer.ts';
import { Bundles } from './bundles.ts';
import { Catalogue } from './catalogue.ts';
import { StoreFollower } from './store-follower.ts';

const ENTRIES_PER_PART = 250;

@Controller()
export class CatalogueSubjects {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly bundles: Bundles,
    private readonly follower: StoreFollower,
    private readonly signer: GrantSigner,
  ) {}

  // In parts: one message holds some thousand entries at most.
  @MessagePattern(registrySubjects.catalogue)
  async describe(@Payload() { epoch }: CatalogueRequest, @Ctx() context: BusContext): Promise<CatalogueReply> {
    await this.follower.catchUpWith(epoch);
    let part = this.catalogue.describe();
    while (part.entries.length > ENTRIES_PER_PART) {
      context.call.sendItem({ ...part, entries: part.entries.slice(0, ENTRIES_PER_PART) });
      part = { ...part, entries: part.entries.slice(ENTRIES_PER_PART), customDomains: [] };
    }
    return part;
  }

  @MessagePattern(registrySubjects.bundle)
  async bundle(@Payload() { digest }: BundleRequest, @Ctx() { call }: BusContext): Promise<void> {
    await call.sendBytes(await this.bundles.get(digest, call.signal));
  }

  @MessagePattern(registrySubjects.sourceMap)
  async sourceMap(@Payload() { digest }: BundleRequest, @Ctx() { call }: BusContext): Promise<void> {
    await call.sendBytes(await this.bundles.sourceMap(digest, call.signal));
  }

  @MessagePattern(registrySubjects.grants)
  async grants(@Payload() { nonce, epoch, known }: GrantListRequest, @Ctx() { call }: BusContext): Promise<void> {
    await this.follower.catchUpWith(epoch);
    const { epoch: ours, inForce } = this.catalogue;
    const list = { epoch: ours, nonce, ageMs: Math.round(this.follower.ageMs) };
    const envelope = await this.signer.signList(known === ours ? list : { ...list, revisions: inForce });
    await call.sendBytes(Buffer.from(envelope));
  }
}
