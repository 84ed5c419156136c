import { board, lines, number, row } from './board.mjs';

const ratio = (name, window) => `fingerpost:${name}:ratio_rate${window}`;
const quantile = (q, metric) => `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket[5m])))`;

export default board('overview', 'overview', [
  row(
    'Objectives (docs/operations/slo.md)',
    [
      number('Answered, 30 days', 'percentunit', ratio('answered', '30d'), { bad: 0.999 }),
      number('First insight within 0.5 s, 30 days', 'percentunit', ratio('first_insight', '30d'), { bad: 0.95 }),
      number('All insights within 2.5 s, 30 days', 'percentunit', ratio('all_insights', '30d'), { bad: 0.95 }),
      number('Error budget left', 'percentunit', `1 - (1 - ${ratio('answered', '30d')}) / (1 - 0.999)`, { bad: 0.25 }),
      number('Alerts', 'short', 'count(ALERTS{alertstate="firing", alertname=~"Fingerpost.*"}) or vector(0)', {
        bad: 1,
        isGood: 'low',
      }),
    ],
    4,
  ),
  row('What people notice', [
    lines('Questions a second, by status', 'reqps', {
      '{{status}}': 'sum by (status) (rate(http_request_duration_seconds_count{route="/context"}[5m]))',
    }),
    lines('First insight', 's', {
      p50: quantile(0.5, 'fingerpost_gateway_first_insight_seconds'),
      p95: quantile(0.95, 'fingerpost_gateway_first_insight_seconds'),
      p99: quantile(0.99, 'fingerpost_gateway_first_insight_seconds'),
    }),
    lines('All insights', 's', {
      p50: quantile(0.5, 'fingerpost_gateway_all_insights_seconds'),
      p95: quantile(0.95, 'fingerpost_gateway_all_insights_seconds'),
      p99: quantile(0.99, 'fingerpost_gateway_all_insights_seconds'),
    }),
  ]),
  row('How it holds against the objectives', [
    lines('Answered', 'percentunit', {
      '5 minutes': ratio('answered', '5m'),
      '1 hour': ratio('answered', '1h'),
      '6 hours': ratio('answered', '6h'),
    }),
    lines('First insight within 0.5 s', 'percentunit', {
      '5 minutes': ratio('first_insight', '5m'),
      '1 hour': ratio('first_insight', '1h'),
    }),
    lines('All insights within 2.5 s', 'percentunit', {
      '5 minutes': ratio('all_insights', '5m'),
      '1 hour': ratio('all_insights', '1h'),
    }),
  ]),
  row('Where answers come from', [
    lines('Answers a second', 'ops', { '{{from}}': 'sum by (from) (rate(fingerpost_gateway_answers_total[5m]))' }),
    lines('Given without a run', 'percentunit', {
      share:
        'sum(rate(fingerpost_gateway_answers_total{from=~"memory|shared|stale"}[5m])) / sum(rate(fingerpost_gateway_answers_total[5m]))',
    }),
    lines('Failures a second, by code', 'ops', {
      '{{code}}': 'sum by (code) (rate(fingerpost_gateway_failures_total[5m]))',
    }),
  ]),
]);
