import { type Addresses, settingsOf } from './settings-of.ts';

const addresses: Addresses = {
  folder: '/data',
  door: 3000,
  nats: { url: 'tls://127.0.0.1:4222', ca: '/ca', identities: '/nats' },
  redis: { url: 'redis://127.0.0.1' },
  database: { url: 'postgres://127.0.0.1' },
  vault: { url: 'http://127.0.0.1:8200', roleId: 'r', secretId: 's' },
  cacheKey: 'k',
  rootKeyFile: '/root.json',
};

describe('what a service of the cluster is told', () => {
  it('adds what the user lets be called to the address of the cluster itself', () => {
    const env = { FINGERPOST_OUTBOUND_ALLOW: '127.0.0.1:9000' };
    const own = '127.0.0.1:3000,localhost:3000';
    expect(settingsOf('secrets', addresses, env).FINGERPOST_OUTBOUND_ALLOW).toBe(`${own},127.0.0.1:9000`);
    expect(settingsOf('secrets', addresses, {}).FINGERPOST_OUTBOUND_ALLOW).toBe(own);
  });

  it('shows values to the secrets service alone', () => {
    const env = { INTEGRATION_GH_TOKEN: 'ghp' };
    expect(settingsOf('secrets', addresses, env)).toMatchObject(env);
    for (const role of ['gateway', 'registry', 'runner'] as const)
      expect(settingsOf(role, addresses, env)).not.toHaveProperty('INTEGRATION_GH_TOKEN');
  });
});
