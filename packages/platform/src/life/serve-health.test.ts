import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { freePort } from '../testing/free-port.ts';
import { type Stage, serveHealth } from './serve-health.ts';

describe('the door for probes', () => {
  let port: number;
  let stage: Stage = 'starting';
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  beforeAll(async () => {
    port = await freePort();
    await serveHealth({ port }, () => stage);
  });

  it.each([
    ['starting', 503],
    ['started', 200],
    ['closing', 503],
  ] as const)('is ready or not while %s', async (now, expected) => {
    stage = now;
    expect(await ask('/health/ready')).toBe(expected);
    expect(await ask('/health/live')).toBe(200);
  });

  it('tells Prometheus how the process does', async () => {
    const reply = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await reply.text()).toContain('process_cpu_seconds_total');
  });

  it('shows nothing else', async () => {
    expect(await ask('/')).toBe(404);
    expect(await ask('/health/ready/../../etc/passwd')).toBe(404);
    expect(await ask('/__proto__')).toBe(404);
  });

  it('stays open for probes where strangers hold connections and ask nothing', async () => {
    const strangers = Array.from({ length: 150 }, () =>
      connect(port, '127.0.0.1')
        .on('error', () => {})
        .resume(),
    );
    await Promise.all(strangers.map((stranger) => once(stranger, 'close')));
    expect(await ask('/health/live')).toBe(200);
  });

  it('listens on one address alone where it is told to', async () => {
    const alone = await freePort();
    await serveHealth({ port: alone, host: '127.0.0.1' }, () => stage);
    expect((await fetch(`http://127.0.0.1:${alone}/health/live`)).status).toBe(200);
    await expect(fetch(`http://127.0.0.2:${alone}/health/live`)).rejects.toThrow();
  });

  it('hangs up on whoever is none of its callers, but for its own machine', async () => {
    const own = Object.values(networkInterfaces()).flatMap((all = []) => all);
    const other = own.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
    const [guarded, open] = [await freePort(), await freePort()];
    await serveHealth({ port: guarded, callers: ['192.0.2.1', '2001:db8::/64'] }, () => stage);
    await serveHealth({ port: open, callers: ['192.0.2.1', other] }, () => stage);
    const statusAt = async (host: string, at: number) => (await fetch(`http://${host}:${at}/health/live`)).status;
    expect(await statusAt('127.0.0.1', guarded)).toBe(200);
    expect(await statusAt(other, open)).toBe(200);
    if (other !== '127.0.0.1') await expect(statusAt(other, guarded)).rejects.toThrow();
  });

  it('says which setting is wrong where its port is taken', async () => {
    await expect(serveHealth({ port }, () => stage)).rejects.toThrow(
      `HEALTH_PORT: ${port} cannot be opened (EADDRINUSE)`,
    );
  });
});
