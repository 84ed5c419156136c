import {
  type Bus,
  GrantsInForce,
  Health,
  type Log,
  RememberedVerifier,
  type Signer,
  Verifier,
} from '@fingerpost/platform';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AnswerHttp } from './answer/answer.http.ts';
import { AnswerContext } from './answer/answer-context.ts';
import { AskRunner } from './answer/ask-runner.ts';
import { MatchLists } from './answer/match-lists.ts';
import { MissingSecrets } from './answer/missing-secrets.ts';
import { PageTimesHttp } from './answer/page-times.http.ts';
import { KeptAnswers } from './answer/results/kept-answers.ts';
import { CatalogueHttp } from './catalogue/catalogue.http.ts';
import { CatalogueView } from './catalogue/catalogue-view.ts';
import type { GatewaySettings } from './config.ts';
import { FailuresHttp, SHOWS_FAILURES } from './failures/failures.http.ts';
import { Failures } from './failures/failures.ts';
import { HAS_OWN_DOOR, HealthHttp } from './health/health.http.ts';
import { readiness } from './health/readiness.ts';
import { AccessReview } from './identity/account/access-review.ts';
import { AccountHttp } from './identity/account/account.http.ts';
import { AdminHttp } from './identity/account/admin.http.ts';
import { ApiTokens } from './identity/api-tokens.ts';
import { AuditReader } from './identity/audit/audit-reader.ts';
import { IdentityAudit } from './identity/audit/identity-audit.ts';
import type { Identity } from './identity/identity.ts';
import { People } from './identity/people/people.ts';
import { Sessions } from './identity/session/sessions.ts';
import { WebSessions } from './identity/session/web-session.ts';
import { Entrance } from './identity/sign-in/entrance.ts';
import { LOG, SignInHttp } from './identity/sign-in/sign-in.http.ts';
import { SignIn } from './identity/sign-in/sign-in.ts';
import { MachineTokens } from './identity/tokens/machine-tokens.ts';
import { WhoamiHttp } from './identity/whoami.http.ts';
import { AdmitTicket } from './keep/admit-ticket.ts';
import { INTEGRATION_MEMORY } from './keep/integration-memory.ts';
import { KeepSubjects } from './keep/keep.subjects.ts';
import { CallerLimit } from './limit/caller-limit.ts';
import { NewsSubjects } from './news/news.subjects.ts';
import { CatalogueNews, SecretsNews } from './news/news.ts';
import { RunnersNews } from './news/runners-news.ts';
import type { Shared } from './shared.ts';
import { SitesHttp } from './sites/sites.http.ts';
import { Sites } from './sites/sites.ts';
import { RunnersSpans } from './telemetry/runners-spans.ts';
import { SpansSubjects } from './telemetry/spans.subjects.ts';

/** Public keys (JWK) of the root that certifies signers: the only ones whose word counts. */
export type RootKeys = ConstructorParameters<typeof Verifier>[0];

export interface GatewayParts {
  settings: GatewaySettings;
  bus: Bus;
  log: Log;
  signer: Signer;
  rootKeys: RootKeys;
  shared: Shared;
  identity: Identity;
}

class Life implements OnApplicationShutdown {
  constructor(
    private readonly grants: GrantsInForce,
    private readonly runners: RunnersNews,
  ) {}

  onApplicationShutdown(): void {
    this.runners.close();
    this.grants.close();
  }
}

@Module({})
class GatewayModule {}

/** Where adapters are chosen and rules are put together. */
export function gatewayModule({ settings, bus, log, signer, rootKeys, shared, identity }: GatewayParts): DynamicModule {
  const catalogueNews = new CatalogueNews();
  const secretsNews = new SecretsNews();
  const runnersNews = new RunnersNews(bus);
  const rootVerifier = new Verifier(rootKeys);
  const verifier = new RememberedVerifier(rootVerifier);
  const grants = new GrantsInForce(bus, rootVerifier, log, undefined, (epoch) => catalogueNews.hear(epoch));
  const failures = new Failures(shared.results);
  const answers = new AnswerContext({
    matchLists: new MatchLists(bus, catalogueNews, grants),
    kept: new KeptAnswers(shared.results, { entries: settings.cacheEntries, bytes: settings.cacheBytes }),
    turns: shared.turns,
    runner: new AskRunner(bus, signer, verifier, new MissingSecrets(bus, secretsNews)),
    secrets: secretsNews,
    failures,
    log,
  });

  return {
    module: GatewayModule,
    controllers: [
      ...[AnswerHttp, PageTimesHttp, SitesHttp, CatalogueHttp, FailuresHttp, HealthHttp],
      ...[KeepSubjects, NewsSubjects, SpansSubjects],
      ...[SignInHttp, WhoamiHttp, AccountHttp, AdminHttp],
    ],
    providers: [
      { provide: Life, useValue: new Life(grants, runnersNews) },
      { provide: RunnersSpans, useValue: new RunnersSpans() },
      { provide: CatalogueNews, useValue: catalogueNews },
      { provide: SecretsNews, useValue: secretsNews },
      { provide: AnswerContext, useValue: answers },
      { provide: Failures, useValue: failures },
      { provide: SHOWS_FAILURES, useValue: settings.showsFailures ?? isForOneMachine(settings) },
      { provide: Sites, useValue: new Sites(settings.sites, settings.sitePartsOff) },
      { provide: CatalogueView, useValue: new CatalogueView(bus, catalogueNews) },
      { provide: HAS_OWN_DOOR, useValue: settings.healthPort !== undefined },
      { provide: Health, useValue: readiness(catalogueNews, secretsNews, runnersNews) },
      { provide: AdmitTicket, useValue: new AdmitTicket(verifier) },
      { provide: INTEGRATION_MEMORY, useValue: shared.memory },
      { provide: LOG, useValue: log },
      { provide: SignIn, useValue: identity.signIn },
      { provide: Entrance, useValue: identity.entrance },
      { provide: WebSessions, useValue: identity.web },
      { provide: People, useValue: identity.people },
      { provide: Sessions, useValue: identity.sessions },
      { provide: MachineTokens, useValue: identity.tokens },
      { provide: IdentityAudit, useValue: identity.audit },
      { provide: AuditReader, useValue: identity.trail },
      { provide: AccessReview, useValue: identity.review },
      { provide: CallerLimit, useValue: new CallerLimit(settings.rateLimit, shared.counts) },
      { provide: ApiTokens, useFactory: () => ApiTokens.open(settings.dataFolder, settings.token) },
    ],
  };
}

// Whoever sits at the machine may see what is in its log. Behind a proxy that listens for others, loopback says nothing.
const isForOneMachine = ({ host, trustedProxies, isBehindHttps }: GatewaySettings): boolean =>
  /^(127\.|::1$|localhost$)/.test(host) && trustedProxies.length === 0 && !isBehindHttps;
