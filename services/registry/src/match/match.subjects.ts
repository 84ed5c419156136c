import { type MatchedIntegration, type MatchReply, MatchRequest, registrySubjects } from '@fingerpost/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { Version } from '../catalogue/version.ts';
import { GrantSigner } from '../review/sign-grant.ts';

@Controller()
export class MatchSubjects {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly signer: GrantSigner,
  ) {}

  @MessagePattern(registrySubjects.match)
  async match(@Payload() { context, groups }: MatchRequest): Promise<MatchReply> {
    await this.catalogue.loaded;
    const {
      dataDigest,
      epoch: { epoch },
    } = this.catalogue;
    const index = this.catalogue.matching;
    const found = index.find(context, groups);
    const integrations = await Promise.all(found.map((version) => this.describe(version, dataDigest)));
    return { epoch, integrations, reads: index.reads(context.type) };
  }

  private async describe(version: Version, dataDigest: string | undefined): Promise<MatchedIntegration> {
    const { name, digest, priority, cache, cacheKey, scope, terms } = version;
    const grantRevision = this.catalogue.revisions.of(digest);
    const grant = await this.signer.sign(terms, grantRevision);
    return { name, digest, priority, cacheSeconds: cache, cacheKey, scope, grantRevision, grant, dataDigest };
  }
}
