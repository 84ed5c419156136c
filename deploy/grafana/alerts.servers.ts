/** Prometheus's own judge of rules: each alert rings on what it is for, and none on a quiet day. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';
import { alerts } from './testing/what-is-drawn.ts';

const promtool = findServer('promtool');

/** A day in seconds since 1970, as promtool's clock has it: it begins at 0. */
const DAY = 86_400;
const http = (status: string, steps: string) => [
  `http_request_duration_seconds_count{route="/context", status="${status}"}`,
  steps,
];
const times = (name: string, late: string, all: string, le: string) => [
  [`fingerpost_gateway_${name}_seconds_bucket{le="${le}"}`, late],
  [`fingerpost_gateway_${name}_seconds_count`, all],
];
const growing = (step: number) => `0+${step}x600`;
const steady = (value: number) => `${value}+0x600`;

/** A day on which all is well. */
const QUIET = [
  http('200', growing(600)),
  http('503', growing(0)),
  ...times('first_insight', growing(590), growing(600), '0.5'),
  ...times('all_insights', growing(590), growing(600), '2.5'),
  ['up{job="fingerpost-gateway", instance="a"}', steady(1)],
  ...['nats', 'redis', 'postgres', 'vault'].map((engine) => [`fingerpost_link_up{engine="${engine}"}`, steady(1)]),
  ['fingerpost_runner_runs_in_flight', steady(20)],
  ['fingerpost_runner_places', steady(200)],
  ['fingerpost_runner_runs_total{outcome="runner.full"}', growing(1)],
  ['fingerpost_runner_sandbox_kills_total{reason="stuck"}', '0x300 1x300'],
  ['fingerpost_runner_sandbox_kills_total{reason="taken_over"}', steady(0)],
  ['fingerpost_runner_versions_put_aside', steady(0)],
  ['fingerpost_grants_age_seconds', steady(2)],
  ['fingerpost_certificate_expiry_timestamp_seconds{certificate="gateway signing"}', steady(2 * DAY)],
  ['fingerpost_certificate_expiry_timestamp_seconds{certificate="NATS authority"}', steady(100 * DAY)],
  ['fingerpost_registry_audit_backlog_events', '0 3 0 1 0x596'],
  ['fingerpost_registry_leader{instance="a"}', steady(1)],
  ['fingerpost_registry_leader{instance="b"}', steady(0)],
  ['fingerpost_registry_integrations{state="broken"}', steady(0)],
  ['fingerpost_gateway_answers_total{integration="on-call", from="run"}', growing(60)],
  ['fingerpost_gateway_answers_total{integration="on-call", from="failed"}', growing(1)],
  ['fingerpost_gateway_failures_total{code="run.failed"}', growing(10)],
  ['fingerpost_gateway_failures_total{code="bus.nobody_answers"}', growing(0)],
  ['fingerpost_secrets_outbound_calls_total{outcome="ok"}', growing(60)],
  ['fingerpost_secrets_outbound_calls_total{outcome="outbound.failed"}', growing(1)],
  ['fingerpost_gateway_shared_cache_reads_total{found="forged"}', steady(0)],
  ['fingerpost_spans_total{outcome="sent"}', growing(60)],
  ['fingerpost_spans_total{outcome="lost"}', steady(0)],
];

/** What is otherwise on the day on which it rings. */
const LOUD: Record<string, string[][]> = {
  FingerpostAvailabilityBurnsFast: [http('503', growing(12))],
  FingerpostAvailabilityBurnsSlowly: [http('503', growing(5))],
  FingerpostFirstInsightLate: times('first_insight', growing(500), growing(600), '0.5'),
  FingerpostAllInsightsLate: times('all_insights', growing(500), growing(600), '2.5'),
  FingerpostServiceDown: [['up{job="fingerpost-gateway", instance="a"}', steady(0)]],
  FingerpostNatsDown: [['fingerpost_link_up{engine="nats"}', steady(0)]],
  FingerpostRedisDown: [['fingerpost_link_up{engine="redis"}', steady(0)]],
  FingerpostPostgresDown: [['fingerpost_link_up{engine="postgres"}', steady(0)]],
  FingerpostVaultDown: [['fingerpost_link_up{engine="vault"}', steady(0)]],
  FingerpostRunnersFull: [['fingerpost_runner_runs_in_flight', steady(190)]],
  FingerpostRunsFail: [['fingerpost_gateway_failures_total{code="bus.nobody_answers"}', growing(10)]],
  FingerpostSandboxKills: [['fingerpost_runner_sandbox_kills_total{reason="stuck"}', growing(1)]],
  FingerpostSandboxTakenOver: [['fingerpost_runner_sandbox_kills_total{reason="taken_over"}', '0x590 1x10']],
  FingerpostVersionPutAside: [['fingerpost_runner_versions_put_aside', steady(1)]],
  FingerpostGrantsOld: [['fingerpost_grants_age_seconds', steady(12)]],
  FingerpostCertificateExpires: [
    ['fingerpost_certificate_expiry_timestamp_seconds{certificate="gateway signing"}', steady(0.5 * DAY)],
  ],
  FingerpostAuditBehind: [['fingerpost_registry_audit_backlog_events', steady(3)]],
  FingerpostNoLeader: [['fingerpost_registry_leader{instance="a"}', steady(0)]],
  FingerpostIntegrationFails: [['fingerpost_gateway_answers_total{integration="on-call", from="failed"}', growing(90)]],
  FingerpostIntegrationsBroken: [['fingerpost_registry_integrations{state="broken"}', steady(1)]],
  FingerpostOutboundFails: [['fingerpost_secrets_outbound_calls_total{outcome="outbound.failed"}', growing(30)]],
  FingerpostCacheForged: [['fingerpost_gateway_shared_cache_reads_total{found="forged"}', '0x590 1x10']],
  FingerpostTracesLost: [['fingerpost_spans_total{outcome="lost"}', growing(1)]],
};

(promtool === undefined ? describe.skip : describe)('alerts', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fingerpost-alerts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Ten hours, and what rings at the end of them. */
  function ringing(changes: string[][]): string[] {
    const changed = new Map([...QUIET, ...changes] as [string, string][]);
    const test = {
      rule_files: ['rules.yml', 'alerts.yml'].map((name) => join(import.meta.dirname, name)),
      evaluation_interval: '5m',
      tests: [
        {
          interval: '1m',
          input_series: [...changed].map(([series, values]) => ({ series, values })),
          promql_expr_test: [
            {
              expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
              eval_time: '595m',
              exp_samples: [{ labels: '{alertname="none"}', value: 1 }],
            },
          ],
        },
      ],
    };
    const file = join(folder, 'test.yml');
    writeFileSync(file, JSON.stringify(test));
    const { stdout, stderr } = spawnSync(promtool!, ['test', 'rules', file], { encoding: 'utf8' });
    const [, got] = /got:([\s\S]*)/.exec(stdout + stderr) ?? [];
    if (got === undefined) throw new Error(stdout + stderr);
    return [...got.matchAll(/alertname="(\w+)"/g)].map(([, name]) => name!);
  }

  it('are silent while all is well', () => expect(ringing([])).toEqual([]));

  it.each(alerts().map(({ name }) => name))('ring on what they are for: %s', (name) => {
    expect(LOUD[name]).toBeDefined();
    expect(ringing(LOUD[name]!)).toContain(name);
  });
});
