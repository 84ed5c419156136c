import { host, listenPort, readSettings, runUntilSignal, str, webOrigin } from '@fingerpost/platform';
import { startDevelopmentProvider } from './start-development-provider.ts';

/** The provider as a process of its own: beside a composed product, in development. */
const settings = {
  port: ['PORT', listenPort({ default: 3001 })],
  host: ['HOST', host({ default: '127.0.0.1' })],
  // what browsers and the gateway call it
  issuer: ['FINGERPOST_DEVELOPMENT_ISSUER', webOrigin({ default: 'http://localhost:3001' })],
  // the gateway that may send people here
  gateway: ['FINGERPOST_URL', webOrigin({ default: 'http://localhost:3000' })],
  clientId: ['FINGERPOST_OIDC_DEVELOPMENT_CLIENT_ID', str({ default: 'fingerpost' })],
  clientSecret: ['FINGERPOST_OIDC_DEVELOPMENT_CLIENT_SECRET', str()],
} as const;

await runUntilSignal(async () => {
  const { port, host, issuer, gateway, clientId, clientSecret } = readSettings(process.env, settings);
  const client = { id: clientId, secret: clientSecret, origin: gateway, name: 'development' };
  const provider = await startDevelopmentProvider({ port, host, issuer, clients: [client] });
  console.log(`DEVELOPMENT ONLY: anybody can sign in as anybody at ${provider.issuer}`);
  return provider;
});
