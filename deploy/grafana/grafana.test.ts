import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alerts, drawn, metricsIn } from './testing/what-is-drawn.ts';

const ROOT = join(import.meta.dirname, '../..');
const code = globSync('{packages,services}/*/src/**/*.ts', { cwd: ROOT })
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n');
const rules = readFileSync(join(import.meta.dirname, 'rules.yml'), 'utf8');

const isTold = (metric: string) => code.includes(`'${metric}'`) || rules.includes(`record: ${metric}`);

describe('dashboards', () => {
  it('look at what is told', () => {
    const names = new Set(drawn().flatMap(([, , query]) => metricsIn(query)));
    expect(names.size).toBeGreaterThan(20);
    expect([...names].filter((name) => !isTold(name))).toEqual([]);
  });

  it('are made of what they are written in', async () => {
    const path = './dashboards.mjs';
    const { DASHBOARDS, textOf } = await import(path);
    for (const name of Object.keys(DASHBOARDS))
      expect(readFileSync(join(import.meta.dirname, `dashboards/${name}.json`), 'utf8')).toBe(textOf(name));
  });
});

describe('alerts', () => {
  it('look at what is told', () => {
    const names = new Set([rules, ...alerts().map(({ text }) => text)].flatMap(metricsIn));
    expect([...names].filter((name) => !isTold(name))).toEqual([]);
  });

  it('have a page each, and each page an alert', () => {
    const pages = globSync('docs/operations/runbooks/*.md', { cwd: ROOT });
    expect(
      alerts()
        .map(({ runbook }) => runbook)
        .sort(),
    ).toEqual(pages.sort());
  });
});
