// `npm run compose:secrets [-- NAME...]`: the folder from which docker-compose.yml takes all that is secret.
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { makeKeys } from './make-keys.ts';

if (existsSync('.env')) process.loadEnvFile('.env'); // as docker-compose does: it says where the folder is

const folder = resolve(process.env.FINGERPOST_KEYS ?? join(import.meta.dirname, '../keys'));
const hosts = process.argv.slice(2);
const wrong = hosts.find((host) => !/^[a-z0-9:.-]+$/i.test(host) || host.startsWith('-'));
if (wrong !== undefined) {
  console.error(
    `"${wrong}" is no name of a host. Name those by which browsers will ask: npm run compose:secrets -- fingerpost.acme.dev`,
  );
  process.exit(1);
}

await makeKeys(folder, hosts);

const inFolder = (name: string) => relative('.', join(folder, name));
console.log(`
  ${`${inFolder('')}/`.padEnd(38)} keep a copy: with OpenBao's volume it is all secrets, without it none
  ${inFolder('token').padEnd(38)} the first API token
  ${inFolder('ca.crt').padEnd(38)} the authority that browsers are to trust in, if edge/ has no certificate of your own
`);
