import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { DEFAULT_LIMITS, Fault } from '@fingerpost/contracts';
import { freePort } from '@fingerpost/platform/testing';
import { startUpstream, type Upstream } from '../testing/upstream.ts';
import { VALUE, WaysOut } from '../testing/ways-out.ts';
import { grantFor, PLACEHOLDER } from '../testing/world.ts';
import { checkHeaders } from './headers.ts';

const SMALL = { ...DEFAULT_LIMITS, responseBytes: 10_000 };
const BOMB = Buffer.alloc(50_000_000);

let upstream: Upstream;
let ways: WaysOut;

beforeAll(async () => {
  upstream = await startUpstream(({ url, headers }, response) => {
    const { pathname } = new URL(url, 'http://x');
    const encode = (encoding: string, bytes: Uint8Array) => response.setHeader('content-encoding', encoding).end(bytes);
    if (pathname === '/gzip') return void encode('gzip', gzipSync(`hello ${headers.authorization}`));
    if (pathname === '/br') return void encode('br', brotliCompressSync('hello'));
    if (pathname === '/deflate') return void encode('deflate', deflateSync('hello'));
    if (pathname === '/empty-gzip') return void encode('gzip', Buffer.alloc(0));
    if (pathname === '/cut-gzip') return void encode('gzip', gzipSync('hello'.repeat(1_000)).subarray(0, 20));
    if (pathname === '/bad-gzip') return void encode('gzip', Buffer.from('no gzip at all'));
    if (pathname === '/bomb') return void encode('gzip', gzipSync(BOMB));
    if (pathname === '/br-bomb') return void encode('br', brotliCompressSync(BOMB));
    if (pathname === '/double') return void encode('gzip, gzip', gzipSync(gzipSync('hello')));
    if (pathname === '/zstd') return void encode('zstd', Buffer.from('x'));
    if (pathname === '/large') return void response.end(Buffer.alloc(20_000));
    if (pathname === '/endless') {
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour);
      return pour();
    }
    if (pathname === '/break') return void response.socket!.destroy();
    if (pathname === '/no-content') return void response.writeHead(204, { 'content-encoding': 'gzip' }).end();
    if (pathname === '/cookies')
      return void response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('keep-alive', 'timeout=5').end();
    if (pathname === '/hang') return;
    response.end('hello');
  });
  ways = new WaysOut([upstream.host]);
});

afterAll(async () => {
  await upstream.close();
  await ways.close();
});

const grant = () => grantFor([upstream.host], { limits: SMALL });
const lastHit = () => upstream.hits.at(-1)!;

describe('an answer', () => {
  it.each(['/br', '/deflate'])('is unpacked: %s', async (path) => {
    const { head, body } = await ways.call(grant(), upstream.url + path);
    expect(body).toBe('hello');
    expect(head.headers.map(([name]) => name)).not.toContain('content-encoding');
    expect(head.headers.map(([name]) => name)).not.toContain('content-length');
  });

  it('is searched for lent values after unpacking', async () => {
    const headers = checkHeaders([['authorization', `Bearer ${PLACEHOLDER}`]]);
    expect((await ways.call(grant(), `${upstream.url}/gzip`, { headers })).body).toBe('hello Bearer [redacted]');
  });

  it.each(['/bomb', '/br-bomb', '/large', '/endless'])(
    'is cut off at its limit, counted after unpacking: %s',
    async (path) => {
      expect(await ways.outcome(grant(), upstream.url + path)).toBe('outbound.too_large');
    },
  );

  it.each(['/double', '/zstd', '/bad-gzip', '/cut-gzip', '/break'])(
    'that cannot be read is a fault and nothing worse: %s',
    async (path) => {
      expect(await ways.outcome(grant(), upstream.url + path)).toBe('outbound.failed');
    },
  );

  it('without a body is no fault, whatever its headers say', async () => {
    for (const path of ['/empty-gzip', '/no-content'])
      expect((await ways.call(grant(), upstream.url + path)).body).toBe('');
    expect((await ways.call(grant(), `${upstream.url}/gzip`, { method: 'HEAD' })).head.status).toBe(200);
  });

  it('keeps headers that repeat and drops those of the connection', async () => {
    const { head } = await ways.call(grant(), `${upstream.url}/cookies`);
    expect(head.headers.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(head.headers.map(([name]) => name)).not.toContain('keep-alive');
  });

  it('ends when the call is cancelled', async () => {
    const abort = new AbortController();
    const asked = ways.outcome(grant(), `${upstream.url}/hang`, { signal: abort.signal });
    setTimeout(() => abort.abort(new Fault('bus.cancelled', 'The caller gave up.')), 50);
    expect(await asked).toBe('bus.cancelled');
  });

  it('stops in the middle when the grant is revoked', async () => {
    let asked = 0;
    const checkAgain = () => {
      if (++asked > 3) throw new Fault('grant.revoked', 'no longer in force');
    };
    const endless = grantFor([upstream.host], { limits: { ...SMALL, responseBytes: Number.MAX_SAFE_INTEGER } });
    expect(await ways.outcome(endless, `${upstream.url}/endless`, { checkAgain })).toBe('grant.revoked');
  });
});

describe('headers', () => {
  it('that steer the connection are not the author’s to set', async () => {
    const headers = checkHeaders([
      ...([
        ['Host', 'evil.example'],
        ['Connection', 'upgrade'],
        ['Upgrade', 'h2c'],
        ['Transfer-Encoding', 'chunked'],
        ['TE', 'trailers'],
      ] as const),
      ...([
        ['Content-Length', '999'],
        ['Expect', '100-continue'],
        ['Proxy-Authorization', 'x'],
        ['Accept-Encoding', 'zstd'],
        ['X-Own', 'kept'],
      ] as const),
    ]);
    await ways.call(grant(), upstream.url, { headers, method: 'POST', body: Buffer.from('abc') });
    expect(lastHit().headers).toMatchObject({
      host: upstream.host,
      'content-length': '3',
      'accept-encoding': 'gzip, br',
      'x-own': 'kept',
    });
    for (const name of ['upgrade', 'transfer-encoding', 'te', 'expect', 'proxy-authorization'])
      expect(lastHit().headers[name]).toBeUndefined();
  });

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Original-URL', 'X-Rewrite-URL'])(
    'that overrule what was judged, such as %s, are left out',
    (name) => {
      expect(checkHeaders([[name, 'DELETE']])).toEqual([]);
    },
  );

  it.each([
    ['a', 'b\r\nX-Evil: 1'],
    ['a', 'b\nc'],
    ['a', 'b\0'],
    ['a', 'Ā'],
    ['a\r\nX-Evil', 'b'],
    ['a:b', 'c'],
    ['', 'b'],
    ['ä', 'b'],
    ['a b', 'c'],
  ])('cannot smuggle: %p: %p', (name, value) => {
    expect(() => checkHeaders([[name, value]])).toThrow(/is not a header name|line break/);
  });

  it('are bounded', () => {
    expect(() => checkHeaders(Array.from({ length: 101 }, () => ['a', 'b']))).toThrow('too many');
    expect(() => checkHeaders([['a', 'b'.repeat(70_000)]])).toThrow('too many');
  });

  it('keep the author’s own user agent', async () => {
    await ways.call(grant(), upstream.url, { headers: checkHeaders([['User-Agent', 'mine/1']]) });
    expect(lastHit().headers['user-agent']).toBe('mine/1');
  });
});

describe('a failure', () => {
  it('names neither an address of the network nor a value', async () => {
    const port = await freePort();
    const own = new WaysOut([`localhost:${port}`]);
    const headers = checkHeaders([['authorization', PLACEHOLDER]]);
    const error = await own
      .call(grantFor([`localhost:${port}`]), `http://localhost:${port}/?q=1`, { headers })
      .catch((error) => error);
    expect(error).toMatchObject({ code: 'outbound.failed', message: `localhost:${port} refused the connection.` });
    expect(error.message + JSON.stringify(error.detail)).not.toMatch(/127\.0\.0\.1|::1/);
    expect(error.message).not.toContain(VALUE);
    await own.close();
  });

  it('names no value that a broken upstream throws back, nor does what the log is told', async () => {
    const parrot = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (sent) => socket.end(`HTTP/1.1 200 OK\r\nx-\0: ${sent}`));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => parrot.once('listening', resolve));
    const host = `127.0.0.1:${(parrot.address() as AddressInfo).port}`;
    const own = new WaysOut([host]);
    const headers = checkHeaders([['authorization', `Bearer ${PLACEHOLDER}`]]);
    const error = await own.call(grantFor([host]), `http://${host}/`, { headers }).catch((error) => error);
    expect(error).toMatchObject({ code: 'outbound.failed', cause: expect.any(Error) });
    expect([error.message, error.stack, JSON.stringify(error.detail), error.cause.message].join()).not.toContain(VALUE);
    await own.close();
    parrot.close();
  });
});
