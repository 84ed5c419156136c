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
      description: 'An API token: one that a person has made, or that of the file `token` in the data folder.',
    })
    .addCookieAuth('fingerpost', { type: 'apiKey', in: 'cookie', description: 'The session of a browser: /sign-in.' })
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, about));
}
