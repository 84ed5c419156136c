import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const GRAFANA = join(import.meta.dirname, '..');

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

/** Every query of every dashboard, with its variables at "all". */
export const drawn = (): [board: string, panel: string, query: string][] =>
  readdirSync(join(GRAFANA, 'dashboards')).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(join(GRAFANA, 'dashboards', file), 'utf8')) as { panels: Panel[] };
    return panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }): [string, string, string] => [
        file,
        title,
        expr.replaceAll(/\$(instance|integration)/g, '.*'),
      ]),
    );
  });

export interface Alert {
  name: string;
  text: string;
  runbook: string;
}

export const alerts = (): Alert[] =>
  readFileSync(join(GRAFANA, 'alerts.yml'), 'utf8')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => ({
      name: text.split('\n', 1)[0]!,
      text,
      runbook: /runbook: (\S+)/.exec(text)![1]!,
    }));

/** The names of our metrics in an expression, without what histograms add to them. */
export const metricsIn = (expression: string): string[] => [
  ...new Set(
    [...expression.matchAll(/\b((?:fingerpost|http_request)_\w+)/g)].map(([, name]) =>
      name!.replace(/_(bucket|count)$/, ''),
    ),
  ),
];
