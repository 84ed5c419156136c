export { askAgain } from './bus/ask-again.ts';
export type { AnswerHandler, Body, Bus, CallOptions, Exchange, IncomingCall, Kept, Unsubscribe } from './bus/bus.ts';
export { connectBus, type NatsAddress, type NatsIdentity } from './bus/connect-bus.ts';
export { joinAsRunner, type RunnerBus } from './bus/join-as-runner.ts';
export { LocalExchange } from './bus/local-wire.ts';
export { connectNatsWire } from './bus/nats-wire.ts';
export { BusContext, BusStrategy, FaultFilter } from './bus/nest-strategy.ts';
export { readBytes } from './bus/read-bytes.ts';
export type { Wire } from './bus/wire.ts';
export { WireBus } from './bus/wire-bus.ts';
export { addresses, addressMatcher } from './config/addresses.ts';
export { checkSpelling } from './config/check-spelling.ts';
export { SETTING_NAMES } from './config/setting-names.ts';
export {
  atLeast,
  bool,
  count,
  EnvError,
  fileOf,
  host,
  isLoopback,
  list,
  listenPort,
  listOf,
  makeValidator,
  num,
  port,
  readSettings,
  readTogether,
  SettingsError,
  type SettingsOf,
  type SettingsSpec,
  secret,
  str,
  url,
  webOrigin,
} from './config/settings.ts';
export { Health } from './health/health.ts';
export { canonicalJson, hashJson } from './json/canonical-json.ts';
export { type Letterbox, letterTo, newLetterbox } from './letter/letterbox.ts';
export { MessagePipe } from './life/message-pipe.ts';
export {
  busSettings,
  logSettings,
  type ProcessParts,
  rootKeySettings,
  runProcess,
  type SpanWay,
} from './life/run-process.ts';
export { runUntilSignal } from './life/run-until-signal.ts';
export { healthSettings } from './life/serve-health.ts';
export { type Service, type ServiceModule, startService } from './life/start-service.ts';
export { createLog, type Log, type LogSettings, NestLog } from './log/log.ts';
export { tellCertificateExpiry } from './metrics/certificates.ts';
export { linkTo } from './metrics/links.ts';
export { metrics } from './metrics/metrics.ts';
export { watchGauge } from './metrics/watched.ts';
export { Redactor } from './redact/redactor.ts';
export { Secret } from './redact/secret.ts';
export { type CertifiedSigner, certifiedSigner } from './sign/certified-signer.ts';
export { GrantsInForce } from './sign/grants-in-force.ts';
export type { SignBytes } from './sign/jws.ts';
export { RememberedVerifier } from './sign/remembered-verifier.ts';
export {
  type Certificate,
  type EnvelopeType,
  generateSigningKey,
  Signer,
  type SigningKey,
  signCertificate,
  Verifier,
} from './sign/signed-envelope.ts';
export { type Place, readStack } from './stack/read-stack.ts';
export { nearest } from './text/nearest.ts';
export { countSpans } from './trace/count-spans.ts';
export {
  beginSpan,
  closeSpans,
  describeSpan,
  inSpan,
  isTracing,
  openSpans,
  passOnSpan,
  type Span,
  type SpanSink,
  type SpanTeller,
  traceFromOutside,
} from './trace/span.ts';
export { overTheBus, spansOverBus } from './trace/spans-over-bus.ts';
export { childOf, currentTrace, keepTrace, type Trace, toTraceparent, traceFrom, withTrace } from './trace/trace.ts';
export { closedToOthers, mayChooseUser } from './walls/another-user.ts';
export { boundMemory } from './walls/bound-memory.ts';
export { seccompFilter } from './walls/seccomp.ts';
export { spawnWalled, type Walled, type WalledProcess, type WallLevel } from './walls/spawn-walled.ts';
