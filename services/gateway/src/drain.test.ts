import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { drainHttp } from './drain-http.ts';
import { githubPage, startCompany, TOKEN, text } from './testing/fake-services.ts';

/** The door stays open for a moment, for those whom the system has let in already. */
async function untilRefused(url: string): Promise<void> {
  const knock = () => fetch(`${url}/health/live`, { headers: { connection: 'close' } });
  while (
    await knock().then(
      () => true,
      () => false,
    )
  )
    await sleep(300); // longer than the quiet that the door waits for
}

describe('closing in the middle of 50 requests', () => {
  it.each(['application/json', 'text/event-stream'])('answers all 50 and refuses new ones (%s)', async (accept) => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const company = await startCompany([
      {
        name: 'slow',
        cacheSeconds: 0,
        run: ({ input }) => finished.then(() => ({ insights: [text(JSON.stringify(input.context))] })),
      },
    ]);
    const asked = Array.from({ length: 50 }, (_, n) => company.ask(githubPage(`acme/repository-${n}`), { accept }));
    while (company.runs.length < 50) await sleep(5);

    const closed = company.close();
    await untilRefused(company.gateway.url);
    finish();

    for (const [n, response] of (await Promise.all(asked)).entries()) {
      expect(response.status).toBe(200);
      expect(await response.text()).toContain(`acme/repository-${n}`);
    }
    await closed;
  });

  it('answers what comes late on a connection that is still open', async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const company = await startCompany([
      { name: 'slow', cacheSeconds: 0, run: () => finished.then(() => ({ insights: [text('here')] })) },
    ]);
    const body = JSON.stringify(githubPage('a/b'));
    const request = `POST /context HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(new URL(company.gateway.url).port), '127.0.0.1', () => socket.write(request));
    let seen = '';
    socket.on('data', (data) => (seen += data));
    while (company.runs.length < 1) await sleep(5);
    const closed = company.close();
    await untilRefused(company.gateway.url);
    socket.write(request); // on its way before the client could know
    await sleep(20);
    finish();
    await closed;
    expect(seen.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(seen).toMatch(/connection: close/i);
  });

  it('does not wait for connections that only stand there', async () => {
    const company = await startCompany([]);
    await (await company.ask(githubPage('a/b'))).text();
    const socket = connect(Number(new URL(company.gateway.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await company.close();
    await gone;
  });

  it('loses patience with a client that never finishes sending', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {}).write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly a part');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => server.once('request', resolve));
    await drainHttp(server, () => new Promise((resolve) => server.close(() => resolve())), 100);
    await gone;
  });
});
