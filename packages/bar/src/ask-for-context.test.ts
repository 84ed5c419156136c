import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnswerEvent } from './answer-state.ts';
import { askForContext } from './ask-for-context.ts';

let server: Server;
afterEach(() => server?.closeAllConnections());
afterEach(() => server?.close());

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(gateway: string, signal?: AbortSignal) {
  const events: AnswerEvent[] = [];
  const context = { type: 'github', url: 'https://github.com/acme/webshop' };
  const problem = await askForContext({
    gateway,
    token: 'fp_x',
    context,
    signal,
    onEvent: (e) => events.push(e),
  }).catch((e) => e);
  return { events, problem };
}

const DONE = 'event: done\ndata: {"count":1}\n\n';

describe('askForContext', () => {
  it('sends the context and the token and asks for a stream', async () => {
    let seen: unknown;
    const gateway = await serve(async (request, reply) => {
      const body = await Array.fromAsync(request).then((chunks) => Buffer.concat(chunks as Buffer[]).toString());
      seen = [
        request.method,
        request.url,
        request.headers.authorization,
        request.headers.accept,
        JSON.parse(body).type,
      ];
      reply.end(DONE);
    });
    await ask(gateway);
    expect(seen).toEqual(['POST', '/context', 'Bearer fp_x', 'text/event-stream', 'github']);
  });

  it('begins a trace of its own with each question, and leaves to the gateway whether anybody looks', async () => {
    const seen: (string | undefined)[] = [];
    const gateway = await serve(({ headers, url }, reply) => {
      seen.push(`${url} ${headers.traceparent}`);
      reply.end(DONE);
    });
    await ask(gateway);
    await ask(gateway);
    expect(seen).toHaveLength(2);
    for (const one of seen) expect(one).toMatch(/^\/context 00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(seen[0]).not.toBe(seen[1]);
  });

  it('tells what the page waited for where somebody looks, and does not wait for that', async () => {
    const told = Promise.withResolvers<string>();
    let asked: string | undefined;
    const gateway = await serve(({ url, headers }, reply) => {
      if (url !== '/context')
        return void told.resolve(`${url} ${headers.traceparent === asked} ${headers.authorization}`);
      asked = headers.traceparent as string;
      reply.writeHead(200, { traceresponse: `${asked.slice(0, 36)}00f067aa0ba902b7-01` });
      reply.end(`event: insight\ndata: {"integration":"a"}\n\n${DONE}`);
    });
    expect((await ask(gateway)).problem).toBeUndefined();
    expect(await told.promise).toMatch(/^\/page-times\?first=\d+&all=\d+ true Bearer fp_x$/);
  });

  it('reads events however the bytes are cut', async () => {
    const text = `event: expected\r\ndata: {"integrations":["größe"]}\r\n\r\n: still here\n\n${DONE}`;
    const gateway = await serve(async (_, reply) => {
      for (const byte of Buffer.from(text)) {
        reply.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      reply.end();
    });
    const { events, problem } = await ask(gateway);
    expect(problem).toBeUndefined();
    expect(events).toEqual([
      { name: 'expected', data: { integrations: ['größe'] } },
      { name: 'done', data: { count: 1 } },
    ]);
  });

  it('leaves events alone that it does not know', async () => {
    const gateway = await serve((_, reply) => reply.end(`event: weather\ndata: sunny\n\ndata: 1\n\n${DONE}`));
    expect((await ask(gateway)).events.map((event) => event.name)).toEqual(['done']);
  });

  it('turns a problem document into a typed error', async () => {
    const gateway = await serve((_, reply) => {
      reply.writeHead(400, { 'content-type': 'application/problem+json' });
      reply.end(
        JSON.stringify({ title: 'Invalid', detail: 'url: must be an address', code: 'request.invalid', id: 'q1' }),
      );
    });
    const { problem } = await ask(gateway);
    expect(problem).toMatchObject({
      name: 'GatewayProblem',
      status: 400,
      title: 'Invalid',
      detail: 'url: must be an address',
      id: 'q1',
    });
  });

  it.each(['<html>', 'null', ''])('copes with an error page that is no problem document: %j', async (body) => {
    const gateway = await serve((_, reply) => reply.writeHead(502).end(body));
    expect((await ask(gateway)).problem).toMatchObject({ status: 502, title: 'The gateway answered 502' });
  });

  it.each(['event: insight\ndata: {"index"', 'event: expected\ndata: {}\n\n', 'event: done\ndata: {\n\n', ''])(
    'says that an answer broke off after %j',
    async (text) => {
      const gateway = await serve((_, reply) => reply.end(text));
      expect((await ask(gateway)).problem).toMatchObject({ status: 0, title: 'The answer broke off' });
    },
  );

  it('says when nobody answers', async () => {
    const gateway = await serve(() => {});
    server.close();
    expect((await ask(gateway)).problem).toMatchObject({ status: 0, title: 'The gateway cannot be reached' });
  });

  it('lets go of the gateway when aborted', async () => {
    const stop = new AbortController();
    let left!: () => void;
    const hasLeft = new Promise<void>((resolve) => {
      left = resolve;
    });
    const gateway = await serve((_, reply) => {
      reply.write('event: expected\ndata: {"integrations":[]}\n\n');
      reply.on('close', left);
      setTimeout(() => stop.abort(), 20);
    });
    const { problem } = await ask(gateway, stop.signal);
    await hasLeft;
    expect(problem.name).toBe('AbortError');
  });
});
