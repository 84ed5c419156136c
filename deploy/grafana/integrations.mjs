import { board, lines, number, row, table } from './board.mjs';

const of = 'integration=~"$integration"';
const rate = (labels = '') => `sum by (integration) (rate(fingerpost_gateway_answers_total{${of}${labels}}[15m]))`;
const quantile = (q) =>
  `histogram_quantile(${q}, sum by (integration, le) (rate(fingerpost_gateway_run_duration_seconds_bucket{${of}}[15m])))`;

export default board(
  'integrations',
  'integrations',
  [
    row(
      'The catalogue',
      [
        number('Serving', 'short', 'max(fingerpost_registry_integrations{state="serving"})'),
        number('Broken', 'short', 'max(fingerpost_registry_integrations{state="broken"})', { bad: 1, isGood: 'low' }),
        number('Epoch', 'none', 'max(fingerpost_registry_epoch)'),
      ],
      4,
    ),
    row('Each of them', [
      lines('Answers a second', 'ops', { '{{integration}}': rate() }),
      lines('Failed', 'percentunit', { '{{integration}}': `${rate(', from="failed"')} / ${rate()}` }),
      lines('Given without a run', 'percentunit', {
        '{{integration}}': `${rate(', from=~"memory|shared|stale"')} / ${rate()}`,
      }),
    ]),
    row('Runs', [
      lines('Time of a run, p50', 's', { '{{integration}}': quantile(0.5) }),
      lines('Time of a run, p95', 's', { '{{integration}}': quantile(0.95) }),
      table(
        'Runs in an hour',
        'short',
        `topk(20, sum by (integration) (increase(fingerpost_gateway_run_duration_seconds_count{${of}}[1h])))`,
      ),
    ]),
    row('Calls', [
      lines('Calls a second, by how they ended', 'ops', {
        '{{outcome}}': 'sum by (outcome) (rate(fingerpost_secrets_outbound_calls_total[5m]))',
      }),
      lines('Time of a call', 's', {
        p50: 'histogram_quantile(0.5, sum by (le) (rate(fingerpost_secrets_outbound_call_duration_seconds_bucket[5m])))',
        p95: 'histogram_quantile(0.95, sum by (le) (rate(fingerpost_secrets_outbound_call_duration_seconds_bucket[5m])))',
      }),
    ]),
  ],
  { integration: 'label_values(fingerpost_gateway_answers_total, integration)' },
);
