import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { messageOf, running, type SandboxUnderTest } from './sandbox-under-test.ts';

export function platformInsideSuite({ run, insights, logged }: SandboxUnderTest): void {
  describe('the platform inside', () => {
    it('calls its classes by their names, as packages ask for them', async () => {
      const file =
        running(`return [new Blob([]), new Headers(), new Response().constructor.name, new ReadableStream().constructor.name,
        new AbortController().signal, new URLSearchParams(), new TextDecoder().constructor.name, crypto.subtle].map(String)`);
      expect(await insights(file)).toEqual([
        ...['[object Blob]', '[object Headers]', 'Response', 'ReadableStream', '[object AbortSignal]', ''],
        ...['TextDecoder', '[object SubtleCrypto]'],
      ]);
    });

    it('is what the docs list, and no more', async () => {
      const docs = readFileSync(join(import.meta.dirname, '../../../../../docs/web-platform.md'), 'utf8');
      const listed = /```\n(.*?)```/s.exec(docs)![1]!.trim().split(/\s+/);
      const names = (await insights(running('return Object.getOwnPropertyNames(globalThis)'))) as string[];
      const language: string[] = runInNewContext('Object.getOwnPropertyNames(globalThis)');
      const ours = names.filter((name) => !language.includes(name) && !name.startsWith('__'));
      expect(ours.sort()).toEqual(listed.filter((name) => name !== 'console').sort());
    });

    it('begins its clock with the run, not with the build', async () => {
      const [now, origin] = (await insights(running('return [performance.now(), performance.timeOrigin]'))) as number[];
      expect(now).toBeLessThan(60_000);
      expect(Math.abs(Date.now() - origin!)).toBeLessThan(60_000);
    });

    it.each([
      [
        'a listener',
        `const t = new EventTarget(); t.addEventListener('x', () => { throw new Error('lost') }); t.dispatchEvent(new Event('x'))`,
      ],
      ['a microtask', `queueMicrotask(() => { throw new Error('lost') })`],
      ['reportError', `reportError(new Error('lost'))`],
    ])('ends the run with an error that nobody catches, from %s', async (_where, body) => {
      expect(await messageOf(run(running(`${body}; await new Promise(() => {})`)))).toContain('lost');
    });

    it('goes back from what it compressed', async () => {
      const file = running(`const through = (body, stream) => new Response(new Response(body).body.pipeThrough(stream));
        const packed = await through('on call: Ana', new CompressionStream('gzip')).bytes();
        return [await through(packed, new DecompressionStream('gzip')).text()]`);
      expect(await insights(file)).toEqual(['on call: Ana']);
    });

    it('has a console like other places', async () => {
      await run(
        running(
          `console.group('a'); console.table([1]); console.groupEnd(); console.count(); console.assert(1 > 2, 'so'); return []`,
        ),
      );
      expect(logged.slice(-4)).toEqual(['info: a', 'info:   [1]', 'info: default: 1', 'error: Assertion failed so']);
    });

    it.each([
      ['XMLHttpRequest', 'new XMLHttpRequest()', 'use fetch'],
      ['localStorage', `localStorage.getItem('a')`, 'use `cache`'],
      ['document', 'document.title', 'return insights'],
      ['WebAssembly', 'new WebAssembly.Memory({ initial: 1 })', 'plain JavaScript'],
      ['Atomics', 'Atomics.wait', 'one thread'],
    ])('says what to do instead of %s, which is not there', async (name, expression, instead) => {
      const file = (body: string) => running(`return [typeof ${name}, '${name}' in globalThis, ${body}]`);
      expect(await insights(file('1'))).toEqual(['undefined', false, 1]);
      const message = await messageOf(run(file(expression)));
      expect(message).toContain(`${name} is not defined. ${name} is not there in the sandbox: `);
      expect(message).toContain(instead);
    });

    it('refuses code in a string, and says so', async () => {
      expect(await messageOf(run(running(`setTimeout('run()', 1)`)))).toContain('code in a string is not run');
    });
  });
}
