import { board, lines, row } from './board.mjs';

const of = '{instance=~"$instance"}';

export default board(
  'runners',
  'runners',
  [
    row('Room', [
      lines('Runs in flight', 'short', { '{{instance}}': `fingerpost_runner_runs_in_flight${of}` }),
      lines('Places taken', 'percentunit', {
        '{{instance}}': `fingerpost_runner_runs_in_flight${of} / fingerpost_runner_places${of}`,
      }),
      lines('Runs that wait for a process to themselves', 'short', {
        '{{instance}}': `fingerpost_runner_runs_waiting${of}`,
      }),
      lines('Sandbox processes', 'short', { '{{instance}}': `fingerpost_runner_sandboxes${of}` }),
    ]),
    row('Runs', [
      lines('Runs a second, by how they ended', 'ops', {
        '{{outcome}}': `sum by (outcome) (rate(fingerpost_runner_runs_total${of}[5m]))`,
      }),
      lines('Time of a run', 's', {
        p50: `histogram_quantile(0.5, sum by (le) (rate(fingerpost_runner_run_duration_seconds_bucket${of}[5m])))`,
        p99: `histogram_quantile(0.99, sum by (le) (rate(fingerpost_runner_run_duration_seconds_bucket${of}[5m])))`,
      }),
    ]),
    row('Walls', [
      lines('Sandbox processes that were ended, by why', 'ops', {
        '{{reason}}': `sum by (reason) (increase(fingerpost_runner_sandbox_kills_total${of}[10m]))`,
      }),
      lines('Versions put aside', 'short', { '{{instance}}': `fingerpost_runner_versions_put_aside${of}` }),
    ]),
    row('The process', [
      lines('Cores', 'short', {
        '{{instance}}': `rate(process_cpu_seconds_total${of}[5m]) and on (instance) fingerpost_runner_places`,
      }),
      lines('Memory', 'bytes', {
        '{{instance}}': `process_resident_memory_bytes${of} and on (instance) fingerpost_runner_places`,
      }),
      lines('Delay of its thread, p99', 's', {
        '{{instance}}': `nodejs_eventloop_lag_p99_seconds${of} and on (instance) fingerpost_runner_places`,
      }),
    ]),
  ],
  { instance: 'label_values(fingerpost_runner_places, instance)' },
);
