// Runs what a web-platform-tests checkout says about the APIs that the sandbox offers, and prints a table of it.
import { isAbsolute, join } from 'node:path';
import { FOLDERS } from './folders.mjs';
import { findTests } from './read-test.mjs';
import { Sandbox } from './sandbox.mjs';

const AT_ONCE = 2;

const [checkout, ...others] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
if (checkout === undefined) {
  console.error('Usage: npm run wpt -- <web-platform-tests checkout> [folder ...] [--failures]');
  process.exit(1);
}
const root = isAbsolute(checkout) ? checkout : join(process.env.INIT_CWD ?? process.cwd(), checkout);
const sandbox = await Sandbox.open(root);
const rows = [];
for (const folder of others.length > 0 ? others : FOLDERS) rows.push([folder, await tally(folder)]);
sandbox.close();

print('folder', ['passed', 'failed', 'not applicable']);
print('---', ['--:', '--:', '--:']);
for (const [folder, { passed, failed, none }] of rows) print(folder, [passed, failed.length, none]);
const sum = (count) => rows.reduce((all, [, row]) => all + count(row), 0);
print('**all**', [sum(({ passed }) => passed), sum(({ failed }) => failed.length), sum(({ none }) => none)]);
if (process.argv.includes('--failures'))
  for (const [, { failed }] of rows) for (const line of failed) console.log(line);

async function tally(folder) {
  const tests = findTests(root, folder);
  const row = { passed: 0, failed: [], none: 0 };
  const work = async () => {
    for (let test = tests.pop(); test !== undefined; test = tests.pop())
      for (const { verdict, name, message } of await sandbox.run(test)) {
        if (verdict === 'failed') row.failed.push(`${test.path}${test.variant}: ${name}: ${message}`);
        else row[verdict]++;
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  row.failed.sort();
  return row;
}

function print(name, cells) {
  console.log(`| ${[name, ...cells].join(' | ')} |`);
}
