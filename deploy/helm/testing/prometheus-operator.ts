const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const array = (items: object) => ({ type: 'array', items });
const string = { type: 'string' };
const texts = { type: 'object', additionalProperties: string };

/** Of the Prometheus operator's kinds, what the chart uses. */
export const OPERATOR_KINDS = [
  kind(
    'ServiceMonitor',
    object(
      {
        selector: object({ matchLabels: texts }),
        podTargetLabels: array(string),
        endpoints: array(object({ port: string, path: string, interval: string })),
      },
      ['selector', 'endpoints'],
    ),
  ),
  kind(
    'PrometheusRule',
    object({
      groups: array(
        object(
          {
            name: string,
            interval: string,
            rules: array(
              object({ record: string, alert: string, expr: string, for: string, labels: texts, annotations: texts }, [
                'expr',
              ]),
            ),
          },
          ['name'],
        ),
      ),
    }),
  ),
];

function kind(name: string, spec: object) {
  const singular = name.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.monitoring.coreos.com` },
    spec: {
      group: 'monitoring.coreos.com',
      scope: 'Namespaced',
      names: { kind: name, plural: `${singular}s`, singular },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object({ spec }) } }],
    },
  };
}
