import type { EffectOutcome, EffectRequest } from '../protocol.ts';
import { messageOf, PAGE, running, type SandboxUnderTest } from './sandbox-under-test.ts';

export function integrationSuite({ run, insights, effects, logged }: SandboxUnderTest): void {
  describe('an integration in the sandbox', () => {
    it('answers a context and says what it looked at', async () => {
      const result = await run(running(`return [{ type: 'text', content: context.page.repository }]`));
      expect(result.insights).toEqual([{ type: 'text', content: 'acme/webshop' }]);
      expect(result.reads).toEqual([
        { how: 'shape', path: ['page'] },
        { how: 'value', path: ['page', 'repository'] },
      ]);
    });

    it.each([
      ['absence', 'context.nothing', { how: 'value', path: ['nothing'] }],
      ['`in`', `'page' in context`, { how: 'has', path: ['page'] }],
      ['key lists', 'Object.keys(context.page)', { how: 'keys', path: ['page'] }],
      ['serialising', 'JSON.stringify(context)', { how: 'value', path: ['page', 'name'] }],
      ['spreading', '({ ...context.page })', { how: 'value', path: ['page', 'name'] }],
      ['cloning', 'structuredClone(context.page)', { how: 'value', path: ['page', 'name'] }],
      ['destructuring', '(({ page: { name } }) => name)(context)', { how: 'value', path: ['page', 'name'] }],
      ['hasOwnProperty', `Object.hasOwn(context, 'page')`, { how: 'shape', path: ['page'] }],
    ])('records %s', async (_name, expression, read) => {
      const { reads } = await run(running(`void (${expression}); return []`));
      expect(reads).toContainEqual(read);
    });

    it.each([
      [
        'a length by its descriptor',
        `Object.getOwnPropertyDescriptor(context.list, 'length').value`,
        ['list', 'length'],
      ],
      ['what was frozen', `(Object.freeze(context), context.page.name)`, ['page', 'name']],
      [
        'a descriptor of what was frozen',
        `Object.getOwnPropertyDescriptor(Object.freeze(context), 'page').value.name`,
        ['page', 'name'],
      ],
    ])('records %s', async (_what, look, path) => {
      const { reads } = await run(running(`return [{ type: 'text', content: String(${look}) }]`), {
        context: { ...PAGE, list: [1, 2] },
      });
      expect(reads).toContainEqual({ how: 'value', path });
    });

    it('records what shouldRun read, too', async () => {
      const { insights, reads } = await run(
        `module.exports = { shouldRun: (c) => c.type === 'aws', run: () => [{ type: 'text', content: 'no' }] }`,
      );
      expect(insights).toEqual([]);
      expect(reads).toEqual([{ how: 'value', path: ['type'] }]);
    });

    it('gives out placeholders, never values, and the platform that the docs name', async () => {
      const answer = await insights(
        running(`
        const bytes = new TextEncoder().encode('é');
        const digest = await crypto.subtle.digest('SHA-256', bytes);
        return [secrets.TOKEN, new URL('?a=1', 'https://a.b/c').href, bytes.length, digest.byteLength, crypto.randomUUID().length,
          structuredClone({ a: [1] }).a[0], atob(btoa('hi')), new AbortController().signal.aborted, typeof logger.info, new URLSearchParams('a=b').get('a')];`),
      );
      expect(answer).toEqual(['fpplaceholder', 'https://a.b/c?a=1', 2, 32, 36, 1, 'hi', false, 'function', 'b']);
    });

    it('fetches through the runner', async () => {
      const answer = (effect: EffectRequest): EffectOutcome => ({
        isOk: true,
        head: {
          status: 201,
          statusText: 'Created',
          headers: [['x-a', '1']],
          url: (effect as { url: string }).url,
          isRedirected: false,
        },
        body: Buffer.from('{"ok":true}').toString('base64'),
      });
      const file = running(`
      const response = await fetch('https://api.acme.dev/x', { method: 'POST', headers: { Authorization: 'Bearer ' + secrets.TOKEN }, body: JSON.stringify({ a: 1 }) });
      return [response.status, response.headers.get('X-A'), await response.json()]`);
      expect(await insights(file, { answer })).toEqual([201, '1', { ok: true }]);
      expect(effects.at(-1)).toMatchObject({
        kind: 'fetch',
        method: 'POST',
        url: 'https://api.acme.dev/x',
        headers: expect.arrayContaining([['authorization', 'Bearer fpplaceholder']]),
        body: Buffer.from('{"a":1}').toString('base64'),
      });
    });

    it('hands a refused call to the code as an error with a code', async () => {
      const file = running(`try { await fetch('https://x.y') } catch (error) { return [error.code, error.message] }`);
      expect(await insights(file)).toEqual(['bus.nobody_answers', 'nobody']);
    });

    it('hears the answer to what loading the file asked for', async () => {
      const answer = (): EffectOutcome => ({ isOk: true, head: { value: 'kept' } });
      const file = `const early = cache.get('k'); const later = new Promise((resolve) => setTimeout(resolve, 5)); ${running('await later; return [await early]')}`;
      expect(await insights(file, { answer })).toEqual(['kept']);
    });

    it('says what the cache takes', async () => {
      const message = await messageOf(run(running(`await cache.set('k', 1, 'soon')`)));
      expect(message).toContain('cache.set keeps a value for a number of seconds, not for soon.');
    });

    it('logs through the runner', async () => {
      await run(running(`logger.warn({ cost: 3 }, 'too much'); console.log('plain'); return []`));
      expect(logged.slice(-2)).toEqual(['warn: {"cost":3} too much', 'info: plain']);
    });

    it('may change how long its answer holds, as files for ToolJump do', async () => {
      const result = await run(
        `module.exports = { metadata: { cache: 300 }, run: async function () { this.metadata.cache = 60; return [] } }`,
      );
      expect(result.cacheSeconds).toBe(60);
    });

    it('judges patterns that the registry could not', async () => {
      const file = (pattern: string) =>
        `module.exports = { metadata: { match: { context: { 'page.repository': { pattern: ${pattern} } } } }, run: () => [{ type: 'text', content: 'fits' }] }`;
      expect(await insights(file('/^acme\\/(?!secret)/g'))).toHaveLength(1);
      expect(await insights(file('/^acme\\/(?!webshop)/g'))).toHaveLength(0);
    });

    it('finds nothing of an earlier run of its own in a clean global', async () => {
      const file = running(
        `const before = globalThis.kept; globalThis.kept = 1; Object.prototype.leaked ??= 1; return [before ?? 'nothing']`,
      );
      expect(await insights(file, { isolation: 'clean' })).toEqual(['nothing']);
      expect(await insights(file, { isolation: 'clean' })).toEqual(['nothing']);
      expect(await insights(running(`return [({}).leaked ?? 'nothing']`), { isolation: 'clean' })).toEqual(['nothing']);
    });
  });
}
