// node deploy/grafana/make.mjs: writes dashboards/*.json. A test says when they are behind.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS, textOf } from './dashboards.mjs';

for (const name of Object.keys(DASHBOARDS))
  writeFileSync(join(import.meta.dirname, 'dashboards', `${name}.json`), textOf(name));
