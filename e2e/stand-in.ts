/**
 * The internet, as one machine: a proxy that leads every https address to a server of ours, which answers as the host that was asked for,
 * with a certificate of an authority that nobody else knows.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';

export interface Asked {
  host: string;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Answer = (asked: Asked) => {
  status?: number;
  headers?: Record<string, string>;
  body?: string | object | Uint8Array;
};

export class StandIn {
  readonly asked: Asked[] = [];
  private readonly answers = new Map<string, Answer>();

  private constructor(
    /** settings with which a product takes this for the internet */
    readonly env: { FINGERPOST_OUTBOUND_PROXY: string; FINGERPOST_OUTBOUND_CA: string },
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<StandIn> {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-stand-in-'));
    const authority = await makeAuthority();
    await writeFile(join(folder, 'ca.pem'), authority.cert);

    const server = createTlsServer(
      { SNICallback: (host, done) => void certify(host, authority).then((context) => done(null, context), done) },
      async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { method = '', url: path = '', headers } = request;
        const sent = Buffer.concat(chunks).toString();
        const answer = standIn.answer({ host: headers.host ?? '', method, path, headers, body: sent });
        const { status = 200, headers: more, body = '' } = answer;
        const text = typeof body === 'object' && !(body instanceof Uint8Array) ? JSON.stringify(body) : body;
        response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text);
      },
    );
    const proxy = createServer().on('connect', (_request, socket) => {
      const onwards = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onwards.pipe(socket).pipe(onwards);
      });
      for (const end of [socket, onwards]) end.on('error', () => {});
    });
    for (const one of [server, proxy]) await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));

    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = { FINGERPOST_OUTBOUND_PROXY: proxyUrl, FINGERPOST_OUTBOUND_CA: join(folder, 'ca.pem') };
    const standIn = new StandIn(env, async () => {
      for (const one of [proxy, server]) one.close().closeAllConnections();
      await rm(folder, { recursive: true });
    });
    return standIn;
  }

  /** What a host says; those that nobody speaks for answer 404. */
  speakFor(host: string, answer: Answer): void {
    this.answers.set(host, answer);
  }

  close(): Promise<void> {
    return this.end();
  }

  private answer(asked: Asked): ReturnType<Answer> {
    this.asked.push(asked);
    return this.answers.get(asked.host)?.(asked) ?? { status: 404, body: { message: 'nobody speaks for this host' } };
  }
}

interface Authority {
  cert: string;
  private: string;
}

const makeAuthority = (): Promise<Authority> =>
  generate([{ name: 'commonName', value: 'An authority of tests' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });

async function certify(host: string, authority: Authority) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    keySize: 2048,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  });
  return createSecureContext({ cert, key });
}
