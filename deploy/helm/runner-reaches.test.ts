import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'fingerpost/files/runner-reaches.mjs');

describe('the chart’s own test of what a runner reaches', () => {
  const servers: Server[] = [];
  const listen = async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  };
  const closed = async () => {
    const address = await listen();
    servers.pop()!.close();
    return address;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function run(env: Record<string, string>): Promise<[code: number, said: string]> {
    const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (bytes) => (said += bytes));
    const [code] = await once(child, 'close');
    return [code, said.trim()];
  }

  it('is content where NATS answers and nothing else', async () => {
    const [nats, elsewhere] = [await listen(), await closed()];
    expect(await run({ MUST_REACH: nats, MUST_NOT_REACH: elsewhere })).toEqual([
      0,
      'NATS and nothing else, of 2 addresses',
    ]);
  });

  it('names what else answers, Services of the namespace too', async () => {
    const [nats, outside, redis] = [await listen(), await listen(), await listen()];
    const [host, port] = redis.split(':') as [string, string];
    const env = { MUST_REACH: nats, MUST_NOT_REACH: outside, REDIS_SERVICE_HOST: host, REDIS_SERVICE_PORT: port };
    const [code, said] = await run(env);
    expect(code).toBe(1);
    expect(said.split('\n').sort()).toEqual([`${outside} can be reached`, `${redis} can be reached`].sort());
  });

  it('says so where NATS does not answer', async () => {
    const [nats, elsewhere] = [await closed(), await closed()];
    expect(await run({ MUST_REACH: nats, MUST_NOT_REACH: elsewhere })).toEqual([1, `NATS at ${nats} is out of reach`]);
  });
});
