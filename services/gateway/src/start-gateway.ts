import { setTimeout as sleep } from 'node:timers/promises';
import {
  addressMatcher,
  type Bus,
  BusStrategy,
  certifiedSigner,
  FaultFilter,
  Health,
  type Log,
  MessagePipe,
  NestLog,
  type Service,
  type ServiceModule,
  SettingsError,
  Verifier,
} from '@fingerpost/platform';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contextParser } from './answer/context-parser.ts';
import { openAuthority } from './authority/authority.ts';
import { extensionRedirects } from './authority/clients.ts';
import { CatalogueView } from './catalogue/catalogue-view.ts';
import type { GatewaySettings } from './config.ts';
import { describeApi } from './docs/open-api.http.ts';
import { drainHttp } from './drain-http.ts';
import { gatewayModule, type RootKeys } from './gateway.module.ts';
import { countRequests } from './health/count-requests.ts';
import { admitCaller, type Bearer } from './identity/admit-caller.ts';
import { ApiTokens } from './identity/api-tokens.ts';
import { openIdentity } from './identity/identity.ts';
import { takeForms } from './identity/sign-in/forms.http.ts';
import { CallerLimit } from './limit/caller-limit.ts';
import { servePages } from './pages/serve-pages.ts';
import { ProblemFilter } from './problem/problem.http.ts';
import { openShared } from './shared.ts';
import { allowOrigins } from './sites/allow-origins.ts';
import { Sites } from './sites/sites.ts';

export interface GatewayOptions {
  settings: GatewaySettings;
  bus: Bus;
  log: Log;
  rootKeys: RootKeys;
  /** folder of the built web pages */
  pages?: string;
}

export interface Gateway extends Service {
  url: string;
  /** resolves when every service that answers need has been heard of */
  whenReady(): Promise<void>;
}

const BODY_BYTES = 100_000;
const SLOW_BODY_MS = 10_000;
/** Longer than any answer is silent: who takes nothing for so long has left without a word, or holds connections open on purpose. */
const SILENT_MS = 60_000;
const READY_CHECK_MS = 50;

export async function startGateway({ settings, bus, log, rootKeys, pages }: GatewayOptions): Promise<Gateway> {
  const shared = await openShared(settings, log);
  const identity = openIdentity({ settings, store: shared.identity, seal: shared.seal, bus, log });
  const certified = await certifiedSigner('gateway', bus, log);
  const authority = await openAuthority({
    identity,
    extensionRedirects: extensionRedirects(settings.extensions),
    signer: certified.signer,
    verifier: new Verifier(rootKeys),
    log,
  });
  const problems = new ProblemFilter(log);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    requestTimeout: SLOW_BODY_MS,
    connectionTimeout: SILENT_MS,
    http: { connectionsCheckingInterval: 1_000 },
    skipMiddie: true, // no Express middleware here
    return503OnClosing: false, // a request that is here is answered; what closes is the door
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      problems.send(error, request, reply),
  });
  const server = adapter.getInstance();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, contextParser(server, settings.sites));

  const module = gatewayModule({ settings, bus, log, signer: certified.signer, rootKeys, shared, identity });
  const app = await NestFactory.create<NestFastifyApplication>(module as ServiceModule, adapter, {
    logger: new NestLog(log),
    abortOnError: false,
    bodyParser: false, // there is one kind of body, and it has a parser of its own
  });
  app.useGlobalFilters(problems);
  app.useSecurityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    crossOriginResourcePolicy: { policy: 'cross-origin' }, // CORS decides who reads
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: settings.isBehindHttps,
    // for browsers and plug-ins that are gone
    xDownloadOptions: false,
    xDnsPrefetchControl: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    originAgentCluster: false,
  });
  const origins = allowOrigins(app.get(Sites), app.get(CatalogueView));
  adapter.enableCors((() => origins) as never);
  server.decorateRequest('viewer', undefined);
  const tokens = app.get(ApiTokens);
  const bearers: Bearer[] = [
    (token) => authority.accessTokens.viewerOf(token),
    (token) => tokens.viewerOf(token),
    (token) => identity.tokens.viewerOf(token),
  ];
  server.decorateRequest('session', undefined);
  const isAllowed = addressMatcher(settings.allowedAddresses);
  server.addHook('onRequest', admitCaller({ bearers, web: identity.web, limit: app.get(CallerLimit), isAllowed }));
  server.addHook('onResponse', countRequests());
  await app.init(); // from here on routes that are not Nest's own have its filters, too
  describeApi(app);
  await server.register(authority.routes);
  await server.register(takeForms({ ...identity, log }));
  await server.register(servePages(pages));

  // Deferred: handlers take their filters and pipes along when they are registered.
  const messages = app.connectMicroservice<MicroserviceOptions>(
    { strategy: new BusStrategy(bus, 'gateway') },
    { deferInitialization: true },
  );
  messages.useGlobalFilters(new FaultFilter());
  messages.useGlobalPipes(new MessagePipe());
  await app.startAllMicroservices();
  await app.listen(settings.port, settings.host).catch((error) => {
    throw listenFault(error, settings) ?? error;
  });

  return {
    url: await app.getUrl(),
    whenReady: async () => {
      while (!(await app.get(Health).report()).isReady) await sleep(READY_CHECK_MS);
    },
    close: async () => {
      app.get(Health).startClosing();
      await drainHttp(server.server, () => app.close());
      authority.close();
      certified.close();
      identity.close();
      await shared.close();
    },
  };
}

const CONTENT_SECURITY_POLICY = {
  'default-src': "'self'",
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

function listenFault({ code }: NodeJS.ErrnoException, { port, host }: GatewaySettings): SettingsError | undefined {
  if (code === 'EADDRINUSE')
    return new SettingsError([`PORT: ${port} is taken on ${host}; end the other process or choose another port`]);
  if (code === 'EACCES') return new SettingsError([`PORT: ${port} may not be opened; choose one above 1023`]);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SettingsError([
      `HOST: ${host} is no address of this machine; try 127.0.0.1, or 0.0.0.0 for all of them`,
    ]);
}
