import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CatalogueView } from '../catalogue/catalogue-view.ts';
import { Sites } from './sites.ts';

/** What the extension asks for when it starts, in ToolJump's shapes. */
@ApiTags('sites')
@ApiBearerAuth()
@Controller()
export class SitesHttp {
  constructor(
    private readonly sites: Sites,
    private readonly catalogue: CatalogueView,
  ) {}

  @Get('config')
  @ApiOperation({ summary: 'Which sites are in service' })
  async config() {
    return { adapters: this.sites.all(), customDomains: await this.domains(), timestamp: new Date().toISOString() };
  }

  @Get('custom-domains')
  @ApiOperation({ summary: 'Origins of other pages that integrations name' })
  async customDomains() {
    const hosts = await this.domains();
    return { hosts, count: hosts.length, timestamp: new Date().toISOString() };
  }

  private async domains(): Promise<string[]> {
    return this.sites.isEnabled('generic') ? await this.catalogue.customDomains() : [];
  }
}
