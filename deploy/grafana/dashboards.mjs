import engines from './engines.mjs';
import integrations from './integrations.mjs';
import overview from './overview.mjs';
import runners from './runners.mjs';

export const DASHBOARDS = { overview, runners, integrations, engines };

export const textOf = (name) => `${JSON.stringify(DASHBOARDS[name], null, 2)}\n`;
