import { codeOf, retryOnce, running, type SandboxUnderTest } from './sandbox-under-test.ts';

/** After a call, and when the answer has long been given. */
const later = (body: string) =>
  `await fetch('https://a.b').catch(() => {}); (async () => { for (let n = 0; n < 50; n++) await null; ${body} })()`;

/** While it goes on, and after it, everybody else is answered. */
export function hostileSuite({ run, bystander }: SandboxUnderTest): void {
  describe('hostile code', () => {
    it.each([
      ['an endless loop', 'while (true) {}', /run\.(timed_out|out_of_cpu)/],
      ['an endless loop of promises', 'for (;;) await null', /run\.(timed_out|out_of_cpu)/],
      ['a promise that never settles', 'await new Promise(() => {})', /run\.timed_out/],
      [
        'a native loop that nothing interrupts',
        '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)',
        /run\.(timed_out|out_of_cpu)/,
      ],
      ['a loop behind its own answer', `${later('for (;;);')}; return []`, /run\.(timed_out|out_of_cpu)/],
      [
        'a native loop behind its own answer',
        `${later('[].indexOf.call({ length: 2 ** 53 - 1 }, 1)')}; return []`,
        /run\.(timed_out|out_of_cpu)/,
      ],
      ['a loop behind its own failure', `${later('for (;;);')}; throw new Error('no')`, /run\.(timed_out|out_of_cpu)/],
      ['a catastrophic regular expression', `/^(a+)+$/.test('a'.repeat(40) + 'b')`, /run\.(timed_out|out_of_cpu)/],
      ['a 2 GB allocation', 'return new ArrayBuffer(2 ** 31).byteLength', /run\.(failed|out_of_memory|out_of_cpu)/],
      [
        'a heap that grows',
        'const all = []; for (;;) all.push(new Array(100_000).fill(1))',
        /run\.(out_of_memory|out_of_cpu|timed_out|disturbed)/,
      ],
      [
        'a throw in a timer',
        `setTimeout(() => { throw new Error('late') }, 5); await new Promise((r) => setTimeout(r, 300)); return []`,
        /run\.failed/,
      ],
      [
        'an unhandled rejection',
        `Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 300)); return []`,
        /run\.failed/,
      ],
      ['an error whose message never ends', 'throw { get message() { for (;;); } }', /run\./],
      [
        'an error whose stack never ends',
        `const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e`,
        /run\./,
      ],
      [
        'a rejection whose message never ends',
        'Promise.reject({ get message() { for (;;); } }); await new Promise(() => {})',
        /run\./,
      ],
      ['a thenable that never ends', 'return { then() { for (;;); } }', /run\./],
      ['a result with a getter that never ends', 'return [{ get content() { for (;;); } }]', /run\./],
      ['a cyclic result', 'const a = {}; a.a = a; return a', /run\.failed/],
      ['a huge result', `return 'x'.repeat(50_000_000)`, /run\.(result_too_large|out_of_memory|out_of_cpu|failed)/],
      ['a flood of timers', 'for (;;) setTimeout(() => {}, 0)', /run\./],
      ['a flood of log lines', `for (;;) console.log('x'.repeat(1000))`, /run\./],
      [
        'a log line of another shape',
        `Object.prototype.toJSON = () => ({ level: 'setBindings', text: 1 }); console.log('x'); await new Promise(() => {})`,
        /run\.failed/,
      ],
      [
        'a message that is no JSON',
        `Object.prototype.toJSON = () => undefined; console.log('x'); await new Promise(() => {})`,
        /run\.failed/,
      ],
      [
        'an effect of another shape',
        `Object.prototype.toJSON = () => ({ kind: 'shutdown', url: 7 }); await fetch('https://a.b')`,
        /run\.failed/,
      ],
      ['process.exit', 'process.exit(1)', /run\.failed/],
      [
        'process.exit by the constructor',
        `return context.constructor.constructor('return process')().exit()`,
        /run\.failed/,
      ],
      [
        'process.exit by a caught host error',
        `try { crypto.getRandomValues(1) } catch (e) { e.constructor.constructor('return process')().exit() }`,
        /run\.failed/,
      ],
      ['require', `require('fs').readFileSync('/etc/passwd')`, /run\.failed/],
      ['import', `await import('node:fs')`, /run\.failed/],
      ['WebAssembly', `return new WebAssembly.Memory({ initial: 1 }).buffer.byteLength`, /run\.failed/],
    ])('costs only its own slot: %s', async (_name, body, expected) => {
      const [outcome, neighbour] = await Promise.all([codeOf(run(running(body))), retryOnce(bystander)]);
      expect(outcome).toMatch(expected);
      expect(neighbour).toEqual([{ type: 'text', content: 'here' }]);
      expect(await retryOnce(bystander)).toEqual([{ type: 'text', content: 'here' }]);
    });
  });
}
