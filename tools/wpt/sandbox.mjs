import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '@fingerpost/platform';
import { INSIDE, SandboxPool } from '@fingerpost/runner/sandbox';
import { ABSENT } from './folders.mjs';
import { HOST, serve } from './server.mjs';

const LIMITS = {
  ...{ wallMs: 60_000, cpuMs: 60_000, memoryMb: 256, calls: 1_000, logLines: 1_000 },
  ...{ requestBytes: 5_000_000, resultBytes: 50_000_000 },
};
const NO_SERVER = 'The tests’ own server is not here.';
/** As the tests' own server knows them. */
const ALIASES = { 'resources/WebIDLParser.js': 'resources/webidl2/lib/webidl2.js' };
/** After this, what has not ended has failed. */
const PATIENCE_MS = 20_000;
const BEFORE = readFileSync(join(import.meta.dirname, 'before.js'), 'utf8');
const AFTER = readFileSync(join(import.meta.dirname, 'after.js'), 'utf8');

/** The product's own sandbox; the tests' server is a folder. */
export class Sandbox {
  static async open(root) {
    const pool = new SandboxPool({
      folder: INSIDE,
      ...{ walls: 'process', processes: 1, memoryMb: 2_000, mostRuns: 10, allowMissingWalls: true },
      log: createLog('wpt', { level: 'silent', format: 'json' }),
    });
    await pool.open();
    return new Sandbox(root, pool);
  }

  constructor(root, pool) {
    this.root = root;
    this.pool = pool;
  }

  close() {
    this.pool.close();
  }

  /** @returns what came of each of a file's tests: `passed`, `failed`, or `none` where it asks for what is deliberately not there */
  async run(test) {
    if (test.isElsewhere) return [{ verdict: 'none' }];
    const answer = (request) =>
      serve(this.root, request) ?? { isOk: false, code: 'outbound.failed', message: NO_SERVER };
    const results = await this.perform(this.codeOf(test), answer);
    return results.map(({ status, name, message }) => {
      const isMissing = ABSENT.test(message ?? '') || message?.includes(NO_SERVER);
      return { verdict: status === 0 ? 'passed' : isMissing ? 'none' : 'failed', name, message };
    });
  }

  codeOf({ path, variant, scripts, text }) {
    const read = (file) => fillIn(readFileSync(join(this.root, ALIASES[file] ?? file), 'utf8'));
    const place = `const WPT = { href: ${JSON.stringify(`https://${HOST}/${path}${variant}`)}, patienceMs: ${PATIENCE_MS} };`;
    return [place, BEFORE, read('resources/testharness.js'), AFTER, ...scripts.map(read), text].join('\n');
  }

  async perform(code, answer) {
    const digest = createHash('sha256').update(code).digest('hex');
    const run = { digest, isolation: 'fresh', context: '{}', secrets: {}, limits: LIMITS };
    const visitor = { onEffect: async (request) => answer(request), onLog: () => {} };
    try {
      const { insights } = await this.pool.perform({ kind: 'run', digest, limits: LIMITS, run, code }, visitor, true);
      return insights;
    } catch ({ code, message }) {
      return [{ status: 1, name: 'the file', message: `${code}: ${message}` }];
    }
  }
}

// The tests' own server puts its addresses in.
const fillIn = (text) => text.replaceAll(/\{\{ports\[\w+\]\[\d\]\}\}/g, '443').replaceAll(/\{\{[\w[\]]+\}\}/g, HOST);
