/**
 * Who may ask whom, as the design has it: the chart's network policies say the same, and a test compares. Written out a second time, on
 * purpose. `internet` is every address that is not private, by https, and Git by SSH for the registry.
 */
export const WHO_REACHES_WHOM: Record<string, string[]> = {
  gateway: ['nats:4222', 'redis:6379', 'internet:443', 'dns:53'],
  registry: ['nats:4222', 'postgres:5432', 'internet:443', 'internet:22', 'dns:53'],
  runner: ['nats:4222'],
  secrets: ['nats:4222', 'openbao:8200', 'internet:443', 'dns:53'],
  migrate: ['postgres:5432', 'dns:53'],
  nats: [],
  redis: [],
  postgres: [],
  openbao: [],
  // the chart's own test
  test: ['gateway:3000', 'dns:53'],
};

/** Who may ask from outside of the product. */
export const WHO_IS_ASKED: Record<string, string[]> = {
  gateway: ['ingress:3000', 'prometheus:8081'],
  registry: ['prometheus:8081'],
  runner: ['prometheus:8081'],
  secrets: ['prometheus:8081'],
};
