// `npm run --silent helm:secrets -- <folder> | kubectl apply -f -`: what `npm run compose:secrets` made, as the chart wants it. Nothing is written.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { secretsFrom } from './kubernetes-secrets.ts';

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  console.error(
    'Which folder? npm run --silent helm:secrets -- deploy/compose/keys | kubectl apply -n fingerpost -f -',
  );
  process.exit(1);
}
try {
  console.log(JSON.stringify(secretsFrom((file) => readFileSync(join(resolve(folder), file)))));
} catch (error) {
  const { path, code } = error as NodeJS.ErrnoException;
  console.error(`${path} cannot be read (${code}); npm run compose:secrets makes what is missing.`);
  process.exit(1);
}
