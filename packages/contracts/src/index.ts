export type {
  ContextAnswer,
  DoneEvent,
  ExpectedEvent,
  FailureDetail,
  FailureEvent,
  InsightEvent,
  Problem,
} from './answer.ts';
export { AUDITED_SERVICES, AuditEvent, type AuditedService, auditSubjects } from './audit.subjects.ts';
export { CONTEXT_LIMITS, checkContext, type Json, type PageContext, readPath } from './context.ts';
export { ERROR_CODES, type ErrorCode, Fault, isFault } from './error-codes.ts';
export { gatewaySubjects, type RecallReply, RecallRequest, RememberRequest } from './gateway.subjects.ts';
export { DEFAULT_LIMITS, type Grant, type RunLimits } from './grant.ts';
export {
  checkInsights,
  INSIGHT_LIMITS,
  INSIGHT_STATUSES,
  type Insight,
  type InsightItem,
  type InsightStatus,
} from './insight.ts';
export {
  INTEGRATION_NAME,
  type Isolation,
  type Match,
  type MatchRule,
  type Metadata,
  MOST_CACHE_SECONDS,
  type PatternText,
  type Scope,
} from './integration.ts';
export { BUS_ROLES, type BusPermissions, type BusRole, busPermissions, inboxOf } from './permissions.ts';
export {
  type AuditReply,
  AuditRequest,
  type AuditRow,
  BundleRequest,
  type CatalogueEntry,
  type CatalogueReply,
  CatalogueRequest,
  EpochNotice,
  type GrantList,
  GrantListRequest,
  type MatchedIntegration,
  type MatchReply,
  MatchRequest,
  registrySubjects,
  type SourceFault,
} from './registry.subjects.ts';
export {
  type ContextRead,
  type DisturbedDetail,
  type InspectReply,
  InspectRequest,
  type RunNotice,
  type RunReply,
  RunRequest,
  runnerSubjects,
} from './runner.subjects.ts';
export {
  CALL_METHODS,
  type Mint,
  revealedNames,
  SECRET_NAME,
  SECRET_SLOTS,
  type SecretBinding,
  type SecretSlot,
  type SecretTerms,
  WILDCARD_HOST,
} from './secret-binding.ts';
export {
  type AdmitRunnerReply,
  AdmitRunnerRequest,
  type CallHead,
  CallRequest,
  type CertifyReply,
  CertifyRequest,
  type CheckReply,
  CheckRequest,
  type KeeperNotice,
  type RevealReply,
  RevealRequest,
  RunOver,
  type RunUse,
  SecretsNotice,
  SIGNER_ROLES,
  type SignerRole,
  secretsSubjects,
} from './secrets.subjects.ts';
export {
  SPAN_ATTRIBUTES,
  SPAN_KINDS,
  type SpanAttribute,
  type SpanAttributes,
  type SpanKind,
  type SpanRecord,
} from './span.ts';
export { MOST_SPANS, RUNNER_SPANS, SpanBatch, telemetrySubjects } from './telemetry.subjects.ts';
export { CLOCK_SKEW_MS, type RunInput, type Ticket, type Viewer } from './ticket.ts';
export { CONTRACT_VERSION } from './version.ts';
