import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** The HTTP API, to read and to try at `/docs`, for machines at `/docs-json`. */
export function describeApi(app: INestApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Fingerpost')
    .setDescription('What your organisation knows about the page you are on. Errors are RFC 9457 problem documents.')
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'The API token: it is in the file `token` of the data folder.',
    })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about));
}
