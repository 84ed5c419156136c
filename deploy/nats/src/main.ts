import { relative, resolve } from 'node:path';
import { makeIdentities } from './make-identities.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Name a folder for keys and credentials: npm run nats:identities -- ./nats');
  process.exit(1);
}

await makeIdentities(resolve(folder));

const inFolder = (name: string) => relative('.', resolve(folder, name));
console.log(`
  For the NATS servers (nothing secret)   ${inFolder('server')}
  For the services, by NATS_CREDS         ${inFolder('creds')}/{gateway,registry,secrets}.creds; runners: join.creds
  For the secrets service alone           ${inFolder('creds/runner-key.json')}  (NATS_RUNNER_KEY)
  For you alone, kept offline             ${inFolder('offline')}
`);
