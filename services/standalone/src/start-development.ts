import { randomBytes } from 'node:crypto';
import { startDevelopmentProvider } from '@fingerpost/development-provider';
import type { GatewaySettings } from '@fingerpost/gateway';
import { Secret } from '@fingerpost/platform';

type ProviderSettings = NonNullable<GatewaySettings['providers']>[number];

/** The development provider at the port next to the gateway's, and how the gateway comes to know it. */
export async function startDevelopment(
  gateway: GatewaySettings,
  port: number,
): Promise<{ providers: ProviderSettings[]; close(): Promise<void> }> {
  const [name, id, secret] = ['development', 'fingerpost', randomBytes(32).toString('base64url')];
  const origin = gateway.url || `http://localhost:${port}`;
  const start = (port: number) => startDevelopmentProvider({ port, clients: [{ id, secret, origin, name }] });
  const provider = await start(port + 1).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return start(0);
    throw error;
  });
  const settings: ProviderSettings = {
    name,
    label: 'Development',
    issuer: provider.issuer,
    clientId: id,
    clientSecret: new Secret(secret),
    scopes: ['profile', 'email'],
    groupsClaim: 'groups',
    groupPrefix: '',
    domains: [],
    vouchesForEmail: false,
    viewers: [],
    authors: ['engineers'],
    approvers: ['platform'],
    operators: ['platform'],
    admins: ['platform'],
    isForDevelopment: true,
  };
  return { providers: [settings], close: provider.close };
}
