import { rename, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { SECRET_NAME } from '@fingerpost/contracts';
import { createLog } from '@fingerpost/platform';
import { readSecretsSettings, type SecretsSettings } from './config.ts';
import { readFileRoot } from './sign/file-root.ts';
import { TransitRoot } from './sign/transit-root.ts';
import { FileStore } from './store/file-store.ts';
import { openVault } from './vault/open-vault.ts';

const USAGE = `Usage:
  secrets set NAME      asks for the value, or reads it from standard input
  secrets list          names, never values
  secrets remove NAME
  secrets reseal        the file under another key: a new one, or the first of FINGERPOST_SECRETS_KEY
  secrets root-key      the root's public keys, for the file that FINGERPOST_ROOT_KEY names
  secrets root-key FILE writes them there
`;

export interface Terminal {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/** Keeps the encrypted secrets file, of which a running service sees each change at once, and shows the root's public keys. @returns the exit code */
export async function runSecretsCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  try {
    const settings = readSecretsSettings(env);
    const { dataFolder, secretsKeys } = settings;
    const [command, file, ...rest] = args;
    terminal.stdout.write(
      command === 'root-key' && rest.length === 0
        ? await showRootKeys(settings, file)
        : await run(args, FileStore.in(dataFolder, secretsKeys), terminal),
    );
    return 0;
  } catch (error) {
    terminal.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

async function run([command, name, ...rest]: readonly string[], store: FileStore, terminal: Terminal): Promise<string> {
  if (rest.length > 0)
    throw new Error(
      'A value does not belong on the command line: others can read it there. Leave it out; it is asked for.',
    );
  if (command === 'list' && name === undefined) return (await store.names()).map((known) => `${known}\n`).join('');
  if (command === 'reseal' && name === undefined) {
    await store.reseal();
    return `${store.path} is sealed with another key; the one before opens it no more.\n`;
  }
  if ((command !== 'set' && command !== 'remove') || name === undefined) throw new Error(USAGE);
  if (!SECRET_NAME.test(name))
    throw new Error(`"${name}" is no name for a secret: use capitals, digits and "_", such as GH_TOKEN.`);
  if (command === 'remove') {
    if (!(await store.remove(name))) throw new Error(`There is no secret ${name}.`);
    return `${name} is removed.\n`;
  }
  const value = await readValue(name, terminal);
  if (value === '') throw new Error('The value is empty; nothing was stored.');
  await store.set(name, value);
  return `${name} is stored in ${store.path}.\n`;
}

async function showRootKeys(settings: SecretsSettings, file?: string): Promise<string> {
  const { vault } = settings;
  if (vault?.auth.by === 'approle' && vault.auth.isWrapped)
    throw new Error(
      'This would use up the wrapped secret id. Log in as yourself: FINGERPOST_VAULT_AUTH=token VAULT_TOKEN_FILE=~/.vault-token',
    );
  const session = vault && openVault(vault, createLog('secrets', { level: 'silent', format: 'json' }));
  try {
    const root =
      session && vault?.root ? new TransitRoot(session, vault.root) : await readFileRoot(settings.dataFolder);
    const keys = `${JSON.stringify({ keys: await root.publicKeys() }, null, 2)}\n`;
    if (file === undefined) return keys;
    await writeFile(`${file}.new`, keys);
    await rename(`${file}.new`, file); // whoever reads it meanwhile reads all of it
    return `The root's public keys are in ${file}.\n`;
  } finally {
    await session?.close();
  }
}

// One line break at the end belongs to `echo` and not to the value.
async function readValue(name: string, { stdin, stderr }: Terminal): Promise<string> {
  if (stdin.isTTY === true) return askHidden(`Value of ${name} (not shown): `, stdin, stderr);
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) text += chunk;
  return text.replace(/\r?\n$/, '');
}

async function askHidden(
  question: string,
  input: NodeJS.ReadableStream,
  stderr: NodeJS.WritableStream,
): Promise<string> {
  stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input, output: nowhere, terminal: true });
  const leave = new AbortController();
  line.on('SIGINT', () => leave.abort());
  try {
    return await line.question('', { signal: leave.signal });
  } finally {
    line.close();
    stderr.write('\n');
  }
}

if (import.meta.main) process.exitCode = await runSecretsCli(process.argv.slice(2), process.env, process);
