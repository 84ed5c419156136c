import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

export const HOST = 'web-platform.test';

const TYPES = {
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.html': 'text/html',
  '.idl': 'text/plain',
  '.js': 'text/javascript',
};

/** What the tests' server says, as far as it only hands out files; nothing where it would have to run a program. */
export function serve(root, { url }) {
  const { host, pathname } = new URL(url);
  const file = join(root, pathname);
  if (host !== HOST || extname(file) === '.py' || !existsSync(file) || !statSync(file).isFile()) return undefined;
  return {
    isOk: true,
    head: {
      ...{ status: 200, statusText: 'OK', url, isRedirected: false },
      headers: [['content-type', TYPES[extname(file)] ?? 'application/octet-stream']],
    },
    body: readFileSync(file).toString('base64'),
  };
}
