import type { Grant, SecretBinding } from '@fingerpost/contracts';

/** Services that answer with what they are sent. There are more, and paths like them on honest hosts: nobody can list those. */
const ECHOES =
  /(^|\.)(httpbin\.(org|dev)|httpbingo\.org|postman-echo\.com|webhook\.site|beeceptor\.com|requestcatcher\.com)(:\d+)?$/;

/** Where a secret must not go at all, in words for its author. */
export function whyNotBindable(name: string, { hosts }: SecretBinding): string | undefined {
  const echo = hosts.find((host) => ECHOES.test(host));
  if (echo === undefined) return undefined;
  return `secrets.${name}: ${echo} answers with what it is sent, so that whoever may call it reads the value; name the hosts that need the secret, such as secrets: { ${name}: { hosts: ["api.acme.dev"] } }`;
}

/** What could be narrower, and how. Nothing of it is wrong; each is more than somebody who stole the code should find. */
export const adviseOn = ({ secrets }: Pick<Grant, 'secrets'>): string[] =>
  Object.entries(secrets).flatMap(([name, binding]) => [
    ...tooManyHosts(name, binding),
    ...tooManyPaths(name, binding),
  ]);

/** Halves of a key pair only sign. */
const SIGNS = /(^|_)(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;

function tooManyHosts(name: string, { hosts }: SecretBinding): string[] {
  if (hosts.length < 2 || SIGNS.test(name)) return [];
  return [
    `The secret ${name} may go to each of ${hosts.join(', ')}. Name its own: secrets: { ${name}: { hosts: ["${hosts[0]}"] } }.`,
  ];
}

function tooManyPaths(name: string, { hosts, methods, pathPrefixes, mint }: SecretBinding): string[] {
  const changes = methods.filter((method) => method !== 'GET' && method !== 'HEAD');
  if (changes.length === 0 || !pathPrefixes.includes('/') || SIGNS.test(name) || mint !== undefined) return [];
  return [
    `The secret ${name} may be used with ${changes.join(', ')} on every path of ${hosts.join(', ')}. Where the code only reads, write secrets: { ${name}: { methods: ["GET"] } }; else name pathPrefixes.`,
  ];
}
