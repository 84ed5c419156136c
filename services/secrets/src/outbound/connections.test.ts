import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { startUpstream } from '../testing/upstream.ts';
import { WaysOut, type WaysOutOptions } from '../testing/ways-out.ts';
import { grantFor } from '../testing/world.ts';
import type { Resolve } from './guard.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

function waysOut(allowed: string[], resolve?: Resolve, ports?: string[], more?: WaysOutOptions): WaysOut {
  const ways = new WaysOut(allowed, resolve, ports, more);
  toClose.push(() => ways.close());
  return ways;
}

const listen = (server: Server, host: string, port = 0) =>
  new Promise<number>((resolve) => {
    toClose.push(() => server.close());
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

/** Counts who comes, and hangs up. */
async function door(host: string, port?: number) {
  const seen = { visits: 0, port: 0 };
  const server = createServer((socket) => {
    seen.visits++;
    socket.destroy();
  });
  seen.port = await listen(server, host, port);
  return seen;
}

/** A name that answers with these addresses, one after the other, and then with the last. */
function changing(...addresses: string[]) {
  const asked: string[] = [];
  const resolve: Resolve = async (hostname) => {
    asked.push(hostname);
    return [{ address: addresses[Math.min(asked.length, addresses.length) - 1]!, family: 4 }];
  };
  return { asked, resolve };
}

const refused = 'outbound.address_refused';

describe('DNS rebinding', () => {
  it('meets a connection that resolves once and judges what it connects to', async () => {
    const inside = await door('127.0.0.1');
    const port = String(inside.port);
    const { asked, resolve } = changing('127.0.0.1');
    const rebinding = grantFor([`rebind.example:${port}`]);
    expect(await waysOut([], resolve, [port]).outcome(rebinding, `https://rebind.example:${port}/`)).toBe(refused);
    expect([asked, inside.visits]).toEqual([['rebind.example'], 0]);

    // The same way without the judgement does get there: the test above could fail.
    const allowed = waysOut([`localhost:${port}`]);
    expect(await allowed.outcome(grantFor([`localhost:${port}`]), `https://localhost:${port}/`)).toBe(
      'outbound.failed',
    );
    expect(inside.visits).toBe(1);
  });

  // Two addresses of this machine stand for the internet and for the network inside.
  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux(
    'by a name that answers otherwise a moment later finds the first answer used, and the second judged',
    async () => {
      const outside = await door('127.0.0.1');
      const inside = await door('127.0.0.2', outside.port);
      const port = String(outside.port);
      const { asked, resolve } = changing('127.0.0.1', '127.0.0.2');
      const ways = waysOut([], resolve, [port], { isPublic: (address) => address === '127.0.0.1' });
      const grant = grantFor([`rebind.example:${port}`]);
      const call = () => ways.outcome(grant, `https://rebind.example:${port}/`);
      expect([await call(), asked.length, outside.visits, inside.visits]).toEqual(['outbound.failed', 1, 1, 0]);
      expect([await call(), asked.length, outside.visits, inside.visits]).toEqual([refused, 2, 1, 0]);
    },
  );
});

describe('ports', () => {
  it('are limited, whatever a grant names and wherever a redirect leads', async () => {
    const ssh = await door('127.0.0.1');
    const { resolve } = changing('127.0.0.1');
    const home = await startUpstream((_hit, response) => {
      response.writeHead(302, { location: `https://name.example:${ssh.port}/` }).end();
    });
    toClose.push(() => home.close());
    const ways = waysOut([home.host], resolve, undefined, { isPublic: () => true });
    const grant = grantFor([home.host, `name.example:${ssh.port}`]);
    expect(await ways.outcome(grant, `https://name.example:${ssh.port}/`)).toBe(refused);
    expect(await ways.outcome(grant, `${home.url}/`)).toBe(refused);
    expect(ssh.visits).toBe(0);
  });
});

describe('a proxy', () => {
  async function startProxy() {
    const asked: { to: string; as: string | undefined }[] = [];
    const server = createHttpServer().on('connect', ({ url, headers }, socket) => {
      asked.push({ to: url!, as: headers['proxy-authorization'] });
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const port = await listen(server, '127.0.0.1');
    return { asked, proxy: new URL(`http://bar:pass@127.0.0.1:${port}`) };
  }

  it('is told the name and port of public hosts, with its own credentials; what the operator named is called directly', async () => {
    const { asked, proxy } = await startProxy();
    const own = await startUpstream((_hit, response) => void response.end('direct'));
    toClose.push(() => own.close());
    const ways = waysOut([own.host], undefined, undefined, { proxy });
    expect(await ways.outcome(grantFor(['api.acme.dev']), 'https://api.acme.dev/')).toBe('outbound.failed');
    expect(asked).toEqual([{ to: 'api.acme.dev:443', as: `Basic ${btoa('bar:pass')}` }]);
    expect((await ways.call(grantFor([own.host]), own.url)).body).toBe('direct');
    expect(asked).toHaveLength(1);
  });

  it('is no way to addresses, ports and protocols that are refused', async () => {
    const { asked, proxy } = await startProxy();
    const ways = waysOut([], undefined, undefined, { proxy });
    for (const host of [
      '127.0.0.1:443',
      '169.254.169.254:443',
      '[::ffff:10.0.0.1]:443',
      'localhost:443',
      'api.acme.dev:22',
    ])
      expect(await ways.outcome(grantFor([host]), `https://${host}/`)).toBe(refused);
    expect(await ways.outcome(grantFor(['api.acme.dev:80']), 'http://api.acme.dev/')).toBe(refused);
    expect(asked).toEqual([]);
  });

  it('that fails is a fault that tells nothing of its address and password', async () => {
    const { proxy } = await startProxy();
    const error = await waysOut([], undefined, undefined, { proxy })
      .call(grantFor(['api.acme.dev']), 'https://api.acme.dev/')
      .catch((error) => error);
    expect(error.code).toBe('outbound.failed');
    expect(error.message + JSON.stringify(error.detail ?? {}) + String(error.cause?.message)).not.toMatch(
      /pass|127\.0\.0\.1|YmFy/,
    );
  });
});
