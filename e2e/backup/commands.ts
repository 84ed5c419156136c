import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PAGE = join(import.meta.dirname, '../../docs/operations/backup.md');

/** What the page tells people to do under that heading, done: so that it stays true. @throws with what was said */
export async function doAsWritten(heading: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [, section] = (await readFile(PAGE, 'utf8')).split(new RegExp(`^#+ ${heading}$`, 'm'));
  if (section === undefined) throw new Error(`${PAGE} has no "${heading}".`);
  const [own = ''] = section.split(/^#/m);
  const commands = own.split('\n').filter((line) => line.startsWith('    '));
  const { PATH, HOME } = process.env;
  await promisify(execFile)('sh', ['-euc', commands.join('\n')], { env: { PATH, HOME, ...env } });
}
