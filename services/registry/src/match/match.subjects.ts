import { type MatchedIntegration, type MatchReply, MatchRequest, registrySubjects } from '@fingerpost/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Catalogue } from '../catalogue/catalogue.ts';
import { StoreFollower } from '../catalogue/store-follower.ts';
import type { Version } from '../catalogue/version.ts';
import { GrantSigner } from '../review/grant-signer.ts';

@Controller()
export class MatchSubjects {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly follower: StoreFollower,
    private readonly signer: GrantSigner,
  ) {}

  @MessagePattern(registrySubjects.match)
  async match(@Payload() { context, groups, epoch: heardOf }: MatchRequest): Promise<MatchReply> {
    await this.catalogue.opened;
    await this.follower.catchUpWith(heardOf);
    const { dataDigest, epoch, matching } = this.catalogue;
    const found = matching.find(context, groups).map((version) => this.describe(version, dataDigest));
    return { epoch, integrations: await Promise.all(found), reads: matching.reads(context.type) };
  }

  private async describe(version: Version, dataDigest: string | undefined): Promise<MatchedIntegration> {
    const { name, digest, priority, cache, cacheKey, scope, groups, terms } = version;
    const grantRevision = this.catalogue.revisionOf(digest);
    const grant = await this.signer.sign(terms, grantRevision);
    return { name, digest, priority, cacheSeconds: cache, cacheKey, scope, groups, grantRevision, grant, dataDigest };
  }
}
