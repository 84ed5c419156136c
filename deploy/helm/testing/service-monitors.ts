const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const string = { type: 'string' };

/** Of the Prometheus operator's kind, what the chart uses. */
export const SERVICE_MONITORS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'servicemonitors.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind: 'ServiceMonitor', plural: 'servicemonitors', singular: 'servicemonitor' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: {
          openAPIV3Schema: object({
            spec: object(
              {
                selector: object({ matchLabels: { type: 'object', additionalProperties: string } }),
                podTargetLabels: { type: 'array', items: string },
                endpoints: { type: 'array', items: object({ port: string, path: string, interval: string }) },
              },
              ['selector', 'endpoints'],
            ),
          }),
        },
      },
    ],
  },
};
