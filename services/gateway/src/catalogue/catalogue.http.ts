import type { CatalogueReply } from '@fingerpost/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CatalogueView } from './catalogue-view.ts';

@ApiTags('catalogue')
@ApiBearerAuth()
@Controller()
export class CatalogueHttp {
  constructor(private readonly catalogue: CatalogueView) {}

  @Get('catalogue')
  @ApiOperation({ summary: 'Which integrations are in service, and which files are broken and why' })
  read(): Promise<CatalogueReply> {
    return this.catalogue.read();
  }
}
