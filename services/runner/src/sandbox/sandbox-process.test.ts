import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { createLog } from '@fingerpost/platform';
import { INSIDE } from './inside.ts';
import { SandboxPool } from './sandbox-pool.ts';
import { type End, SandboxProcess } from './sandbox-process.ts';

const PATIENT = { ...DEFAULT_LIMITS, wallMs: 20_000, cpuMs: 20_000 };
const log = createLog('test', { level: 'silent', format: 'json' });

describe('a sandbox process that has too much memory', () => {
  it('is ended, and who only waited in it is not suspected', async () => {
    const sandbox = new SandboxProcess({
      folder: INSIDE,
      walls: 'process',
      memoryMb: 500,
      allowMissingWalls: false,
      log,
    });
    const ended = new Promise<End>((resolve) => (sandbox.onEnd = resolve));
    await sandbox.isReady;
    const perform = (digest: string, body: string) =>
      sandbox
        .perform(
          {
            kind: 'run',
            digest,
            limits: PATIENT,
            run: { digest, isolation: 'fresh', context: '{}', secrets: {}, limits: PATIENT },
            code: `var __integration = { run: async () => { ${body} } }`,
          },
          { onEffect: () => new Promise(() => {}), onLog: () => {} },
        )
        .catch(() => {});
    const waiting = ['one', 'two'].map((name) => perform(name, 'await new Promise(() => {})'));
    await sleep(400);
    await Promise.all([...waiting, perform('bomb', `'x'.repeat(2 ** 28).normalize('NFD')`)]);
    sandbox.kill();
    expect(await ended).toEqual({ runs: 3, culprit: undefined, suspects: ['bomb'], reason: 'memory' });
  }, 30_000);
});

describe('a sandbox process that was taken over', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'taken-over-')));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A run in a process that answers the question of a run by this code. */
  async function runIn(answer: string): Promise<{ ended: string; heard: string[] }> {
    await writeFile(
      join(folder, 'host.mjs'),
      `import fs from 'node:fs'; process.send({ say: 'ready', missingWalls: [] }); process.on('message', ({ id }) => { ${answer} });`,
    );
    const options = { folder, walls: 'process' as const, memoryMb: 500, allowMissingWalls: false, log };
    const sandbox = new SandboxProcess(options);
    await sandbox.isReady;
    const heard: string[] = [];
    const visitor = {
      onEffect: async () => ({ isOk: false, code: 'x', message: '' }) as const,
      onLog: (_level: string, text: string) => void heard.push(text),
    };
    const limits = { ...DEFAULT_LIMITS, wallMs: 2_000 };
    const run = { digest: 'd', isolation: 'fresh' as const, context: '{}', secrets: {}, limits };
    const ended = await sandbox.perform({ kind: 'run', digest: 'd', limits, run, code: '' }, visitor).then(
      ({ insights }) => `says ${insights}`,
      ({ code }) => code as string,
    );
    sandbox.kill();
    return { ended, heard };
  }

  it.each([
    ['ends as shells say that one was killed', 'process.exit(137)'],
    ['kills itself', `process.kill(process.pid, 'SIGKILL')`],
  ])(
    'is nobody’s fault a few times only where it %s',
    async (_how, code) => {
      await writeFile(
        join(folder, 'host.mjs'),
        `process.send({ say: 'ready', missingWalls: [] }); process.on('message', () => { ${code} });`,
      );
      const options = { folder, walls: 'process' as const, memoryMb: 500, allowMissingWalls: false, log };
      const pool = new SandboxPool({ ...options, processes: 1, mostRuns: 10 });
      await pool.open();
      const limits = { ...DEFAULT_LIMITS, wallMs: 2_000 };
      const run = { digest: 'd', isolation: 'fresh' as const, context: '{}', secrets: {}, limits };
      const visitor = { onEffect: () => new Promise<never>(() => {}), onLog: () => {} };
      const codes: string[] = [];
      while (codes.at(-1) !== 'run.put_aside' && codes.length < 10)
        await pool
          .perform({ kind: 'run', digest: 'd', limits, run, code: '' }, visitor, true)
          .catch((fault) => codes.push(fault.code));
      pool.close();
      expect(codes).toEqual([...Array(6).fill('run.disturbed'), 'run.put_aside']);
    },
    20_000,
  );

  it('fills no log', async () => {
    const { ended, heard } = await runIn(
      `for (let n = 0; n < 5_000; n++) process.send({ say: 'log', id, level: 'info', text: 'x'.repeat(10_000) });
       process.send({ say: 'done', id, result: { insights: 'x', tookMs: 1 } });`,
    );
    expect(ended).toBe('says x');
    expect(heard).toHaveLength(DEFAULT_LIMITS.logLines + 1);
    expect(new Set(heard.map(({ length }) => length))).toEqual(new Set([2_000]));
  });

  it('answers for no run but those in it, and for each once', async () => {
    const done = (of: string, insights: string) =>
      `process.send({ say: 'done', id: ${of}, result: { insights: '${insights}', tookMs: 1 } });`;
    expect(await runIn(`${done('id + 1', 'other')} ${done('id', 'own')} ${done('id', 'again')}`)).toMatchObject({
      ended: 'says own',
    });
  });

  it('does not answer a run as if it had been an inspection', async () => {
    const found = `{ metadata: {}, hasRun: true, hasShouldRun: false }`;
    expect((await runIn(`process.send({ say: 'inspected', id, found: ${found} })`)).ended).toBe('run.timed_out');
  });

  it('is ended as soon as it says what none of ours says', async () => {
    expect((await runIn(`process.send({ say: 'effect', id, effect: 1, request: { kind: 'shutdown' } })`)).ended).toBe(
      'run.timed_out',
    );
  });

  // Some are orders to Node, which would hold to them, or end itself over them.
  it.each([
    ['a line that is no JSON', `'x\\n'`],
    ['an order to Node', `'{"cmd":"NODE_HANDLE_ACK"}\\n'`],
    ['a handle that is none', `'{"cmd":"NODE_HANDLE","type":"net.Socket"}\\n'`],
    ['no object', `'null\\n'`],
    ['a line that is too long', `JSON.stringify('x'.repeat(9_000_000)) + '\\n'`],
    ['a line without an end', `'x'.repeat(9_000_000)`],
  ])('ends with it, and nobody else, when it says %s', async (_what, line) => {
    const write = `let at = 0; const bytes = Buffer.from(${line});
      const go = () => { while (at < bytes.length) try { at += fs.writeSync(3, bytes, at) } catch { return setTimeout(go, 1) } }; go();`;
    expect((await runIn(`${write}`)).ended).toBe('run.timed_out');
  });
});
