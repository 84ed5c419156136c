// The few words in which our dashboards are written; Grafana's own are longer.
const WIDTH = 24;
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** A dashboard: rows of panels, as wide as there is room. `variables`: name to a query of label values. */
export function board(uid, title, rows, variables = {}) {
  const panels = [];
  let y = 0;
  for (const { name, panels: row, height } of rows) {
    panels.push({ type: 'row', title: name, collapsed: false, gridPos: { x: 0, y, w: WIDTH, h: 1 }, panels: [] });
    const w = Math.floor(WIDTH / row.length);
    panels.push(...row.map((panel, at) => ({ ...panel, gridPos: { x: at * w, y: y + 1, w, h: height } })));
    y += height + 1;
  }
  return {
    uid: `fingerpost-${uid}`,
    title: `Fingerpost: ${title}`,
    tags: ['fingerpost'],
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' },
        ...Object.entries(variables).map(([name, query]) => ({
          ...{ name, label: name, type: 'query', query, datasource: DATASOURCE },
          ...{ refresh: 2, includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' } },
        })),
      ],
    },
    panels: panels.map((panel, id) => ({ ...panel, id: id + 1 })),
  };
}

export const row = (name, panels, height = 8) => ({ name, panels, height });

/** Lines over time. `queries`: what its legend says to the query. */
export const lines = (title, unit, queries, more = {}) =>
  panel('timeseries', title, unit, queries, {
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    ...more,
  });

/** One number; red below or above what `bad` says. */
export const number = (title, unit, query, { bad, isGood = 'high' } = {}) => {
  const [low, high] = isGood === 'high' ? ['red', 'green'] : ['green', 'red'];
  const steps = bad === undefined ? [] : [{ color: high, value: bad }];
  return panel(
    'stat',
    title,
    unit,
    { '': query },
    {
      options: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value' },
      thresholds: { mode: 'absolute', steps: [{ color: bad === undefined ? 'text' : low, value: null }, ...steps] },
    },
  );
};

/** Rows by their labels, the largest first. */
export const table = (title, unit, query) =>
  panel(
    'table',
    title,
    unit,
    { '': query },
    {
      format: 'table',
      instant: true,
      transformations: [{ id: 'sortBy', options: { sort: [{ field: 'Value', desc: true }] } }],
    },
  );

function panel(
  type,
  title,
  unit,
  queries,
  { options = {}, thresholds, description, format, instant, transformations } = {},
) {
  return {
    ...{ type, title, description, datasource: DATASOURCE, options, transformations },
    fieldConfig: { defaults: { unit, min: 0, ...(thresholds && { thresholds }) }, overrides: [] },
    targets: Object.entries(queries).map(([legendFormat, expr], at) => ({
      ...{ refId: String.fromCharCode(65 + at), expr, legendFormat, datasource: DATASOURCE, format, instant },
    })),
  };
}
