import { echo, edgeUnderTest, problem } from '../testing/edge-under-test.ts';
import { githubPage, text } from '../testing/fake-services.ts';

const { company, post, start } = edgeUnderTest();

const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });

describe('what is not a context', () => {
  it.each([
    ['malformed JSON', '{"type":', 400],
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['200 kB', JSON.stringify(githubPage('a/b', { x: 'x'.repeat(200_000) })), 413],
    ['__proto__', '{"type":"github","url":"https://github.com/a","__proto__":{"isAdmin":true}}', 400],
    [
      'a hidden __proto__',
      '{"type":"github","url":"https://github.com/a","p":{"\\u005f_proto__":{"isAdmin":true}}}',
      400,
    ],
    [
      'constructor.prototype',
      '{"type":"github","url":"https://github.com/a","constructor":{"prototype":{"x":1}}}',
      400,
    ],
    ['very deep nesting', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 400],
    ['bytes that are no UTF-8', '\ud800', 400],
  ])('%s is refused with a problem document', async (_what, body, status) => {
    await start([echo]);
    const response = await post(body);
    expect(response.status).toBe(status);
    expect((await problem(response)).detail).toEqual(expect.any(String));
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(company().runs).toHaveLength(0);
  });

  it.each([
    ['type', { url: 'https://github.com/a' }],
    ['type', githubPage('a/b', { type: 7 })],
    ['type', githubPage('a/b', { type: 'jira' })],
    ['type', githubPage('a/b', { type: '__proto__' })],
    ['url', githubPage('a/b', { url: 'javascript:alert(1)' })],
    ['url', githubPage('a/b', { url: '/relative' })],
    ['page.a.a.a.a.a.a.a.a.a', githubPage('a/b', { page: nested(11) })],
  ])('names the path %s', async (path, context) => {
    await start([echo]);
    const { errors } = await problem(await post(JSON.stringify(context)));
    expect(errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('takes the last of two fields of one name, everywhere', async () => {
    await start([{ ...echo, run: ({ input }) => ({ insights: [text(JSON.stringify(input.context))] }) }]);
    const response = await post('{"type":"aws","url":"https://a.dev","type":"github","url":"https://github.com/a"}');
    expect(await response.json()).toMatchObject({ data: [text('{"type":"github","url":"https://github.com/a"}')] });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    '%s is a 415',
    async (type) => {
      await start([echo]);
      const response = await post('{}', { 'content-type': type });
      expect((await problem(response)).status).toBe(415);
    },
  );
});
