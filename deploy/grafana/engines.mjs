import { board, lines, number, row } from './board.mjs';

const link = (engine, name) => number(name, 'short', `min(fingerpost_link_up{engine="${engine}"})`, { bad: 1 });

export default board('engines', 'services and engines', [
  row(
    'Links: 1 where every service reaches it',
    [link('nats', 'NATS'), link('redis', 'Redis'), link('postgres', 'Postgres'), link('vault', 'Vault')],
    4,
  ),
  row('Links by service', [
    lines('Up', 'short', { '{{engine}} {{instance}}': 'fingerpost_link_up' }),
    lines('Services that Prometheus reaches', 'short', { '{{service}}': 'sum by (service) (fingerpost_build_info)' }),
    lines('Leader of the registry', 'short', { '{{instance}}': 'fingerpost_registry_leader' }),
  ]),
  row('The bus', [
    lines('Requests a second', 'ops', {
      '{{subject}}': 'sum by (subject) (rate(fingerpost_bus_request_duration_seconds_count[5m]))',
    }),
    lines('Ended in a fault', 'percentunit', {
      '{{subject}}':
        'sum by (subject) (rate(fingerpost_bus_request_duration_seconds_count{outcome="fault"}[5m])) / sum by (subject) (rate(fingerpost_bus_request_duration_seconds_count[5m]))',
    }),
    lines('Time to answer, p95', 's', {
      '{{subject}}':
        'histogram_quantile(0.95, sum by (subject, le) (rate(fingerpost_bus_request_duration_seconds_bucket[5m])))',
    }),
  ]),
  row('Redis', [
    lines('Requests a second, by outcome', 'ops', {
      '{{outcome}}': 'sum by (outcome) (rate(fingerpost_gateway_redis_requests_total[5m]))',
    }),
    lines('Reads of the shared cache', 'ops', {
      '{{found}}': 'sum by (found) (rate(fingerpost_gateway_shared_cache_reads_total[5m]))',
    }),
    lines('Breaker open', 'short', { '{{instance}}': 'fingerpost_gateway_redis_breaker_open' }),
  ]),
  row('What must be fresh', [
    lines('Age of the grants', 's', { '{{instance}}': 'fingerpost_grants_age_seconds' }),
    lines('Audit events not yet in the trail', 'short', { '{{instance}}': 'fingerpost_registry_audit_backlog_events' }),
    lines('Certificates run out in', 's', {
      '{{certificate}}': 'min by (certificate) (fingerpost_certificate_expiry_timestamp_seconds - time())',
    }),
  ]),
  row('Processes', [
    lines('Cores', 'short', { '{{job}} {{instance}}': 'rate(process_cpu_seconds_total{job=~"fingerpost.*"}[5m])' }),
    lines('Memory', 'bytes', { '{{job}} {{instance}}': 'process_resident_memory_bytes{job=~"fingerpost.*"}' }),
    lines('Spans a second', 'ops', { '{{outcome}}': 'sum by (outcome) (rate(fingerpost_spans_total[5m]))' }),
  ]),
]);
