import { Fault } from '@fingerpost/contracts';
import { authorized, echo, edgeUnderTest, problem } from '../testing/edge-under-test.ts';
import { githubPage } from '../testing/fake-services.ts';

const { company, get, post, start } = edgeUnderTest();

describe('what is not there', () => {
  it('is a 404', async () => {
    await start([]);
    for (const path of ['/nothing', '/context/', '/../../etc/passwd', '/assets/..%2f..%2fetc/passwd', '/.env'])
      expect((await problem(await get(path, authorized))).status).toBe(404);
  });

  it('is a 405 where another method would do', async () => {
    await start([]);
    const response = await get('/context', authorized);
    expect((await problem(response)).status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is a problem document for an address that cannot be read, too', async () => {
    await start([]);
    expect((await problem(await get('/%zz'))).status).toBe(400);
  });
});

describe('a fault of ours', () => {
  it('gives a fixed sentence and an id that the log knows', async () => {
    await start([
      {
        ...echo,
        fits: () => {
          throw new Error('password=hunter2');
        },
      },
    ]);
    const { detail, id, status } = await problem(await post(JSON.stringify(githubPage('a/b'))));
    expect(status).toBe(500);
    expect(detail).not.toContain('hunter2');
    expect(company().log.lines.some((line) => line.includes(id!))).toBe(true);
  });

  it('is a 503 when the registry is not there', async () => {
    await start([
      {
        ...echo,
        fits: () => {
          throw new Fault('bus.nobody_answers', 'nobody at 10.0.0.7');
        },
      },
    ]);
    const response = await post(JSON.stringify(githubPage('a/b')));
    expect(response.status).toBe(503);
    expect((await problem(response)).detail).not.toContain('10.0.0.7');
  });
});
