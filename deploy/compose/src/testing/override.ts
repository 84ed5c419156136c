import { resolve } from 'node:path';

/** What tests change of docker-compose.yml. */
export interface Changes {
  /** settings, for all of the product's services; `INTEGRATION_*` and `FINGERPOST_OUTBOUND_*` for the secrets service alone */
  env?: NodeJS.ProcessEnv;
  /** a folder of the host in place of the gateways' volume */
  gatewayData?: string;
}

const CA = '/outbound-ca.pem';

/** As compose's second file. `subnet`: of the network that leads out. */
export function override({ env = {}, gatewayData }: Changes, subnet: string): object {
  const { FINGERPOST_OUTBOUND_CA: ca, ...plain } = env;
  const settings = Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [name, value?.replaceAll('$', '$$$$')]),
  );
  const isForSecrets = (name: string) => /^(INTEGRATION|FINGERPOST_OUTBOUND)_/.test(name);
  const shared = Object.fromEntries(Object.entries(settings).filter(([name]) => !isForSecrets(name)));
  return {
    services: {
      gateway: { environment: shared, ...(gatewayData && { volumes: [`${resolve(gatewayData)}:/data`] }) },
      registry: { environment: shared },
      runner: { environment: shared },
      secrets: {
        environment: { ...settings, ...(ca && { FINGERPOST_OUTBOUND_CA: CA }) },
        ...(ca && { volumes: [`${resolve(ca)}:${CA}:ro`] }),
      },
    },
    networks: { out: { ipam: { config: [{ subnet }] } } },
  };
}
