import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnswerEvent } from '@fingerpost/bar';
import { PastedToken } from '../credentials/pasted-token.ts';
import type { Profile } from '../profiles/profiles.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { answerQuestion } from './answer-question.ts';
import { LastKnown } from './last-known.ts';

const context = { type: 'github', url: 'https://github.com/acme/webshop' };
const WHOLE = `event: expected\ndata: {"integrations":["it"]}\n\nevent: insight\ndata: {"integration":"it","index":0,"insight":{"type":"text","content":"hello"}}\n\nevent: done\ndata: {}\n\n`;

describe('a question of a page', () => {
  let gateway: Server;
  let profile: Profile;
  let credentials: PastedToken;
  let known: LastKnown;
  let answer: { status: number; text: string };

  beforeEach(async () => {
    answer = { status: 200, text: WHOLE };
    gateway = createServer((_, reply) => reply.writeHead(answer.status).end(answer.text)).listen(0, '127.0.0.1');
    await new Promise((resolve) => gateway.once('listening', resolve));
    const { port } = gateway.address() as AddressInfo;
    profile = { id: 'one', name: 'One', gateway: `http://127.0.0.1:${port}`, isManaged: false };
    credentials = new PastedToken(memoryStore());
    known = new LastKnown(memoryStore());
    await credentials.paste(profile, 'fp_x');
  });
  afterEach(() => {
    gateway.closeAllConnections();
    gateway.close();
  });

  async function ask(asked: Profile | undefined = profile) {
    const events: AnswerEvent[] = [];
    const { signal } = new AbortController();
    const parts = { profile: asked, credentials, known, signal, onEvent: (event: AnswerEvent) => events.push(event) };
    return { problem: await answerQuestion(context, parts), events };
  }

  it('is answered event by event', async () => {
    const { problem, events } = await ask();
    expect(problem).toBeUndefined();
    expect(events.map(({ name }) => name)).toEqual(['expected', 'insight', 'done']);
  });

  it('is answered with what was known last while the gateway is away', async () => {
    await ask();
    gateway.closeAllConnections();
    gateway.close();
    const { problem, events } = await ask();
    expect(problem).toMatchObject({ title: 'The gateway cannot be reached', isPassing: true });
    expect(events[1]).toMatchObject({ data: { insight: { content: 'hello' }, isStale: true } });
  });

  it('says that nobody is signed in, and stops sending what was refused', async () => {
    answer = { status: 401, text: '{}' };
    expect((await ask()).problem).toMatchObject({ title: 'Signed out', isForSettings: true, isPassing: false });
    expect(await credentials.token(profile)).toBeUndefined();
    answer = { status: 200, text: WHOLE };
    expect((await ask()).events).toEqual([]);
  });

  it.each([
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [404, false],
  ])('is put again later after a %d: %s', async (status, isPassing) => {
    answer = { status, text: '{"title":"So it is"}' };
    expect((await ask()).problem).toMatchObject({ isPassing });
  });

  it('keeps what arrived when an answer breaks off, and does not keep it for later', async () => {
    answer = { status: 200, text: WHOLE.slice(0, WHOLE.indexOf('event: done')) };
    const { problem, events } = await ask();
    expect(problem).toMatchObject({ title: 'The answer broke off' });
    expect(events).toHaveLength(2);
    expect(await known.recall(profile, context)).toEqual([]);
  });

  it('is asked again with a renewed token where the old one was refused before its time', async () => {
    const shown: unknown[] = [];
    gateway.removeAllListeners('request').on('request', ({ headers }, reply) => {
      shown.push(headers.authorization);
      reply.writeHead(headers.authorization === 'Bearer renewed' ? 200 : 401).end(WHOLE);
    });
    let token = 'old';
    const refused = async () => {
      token = 'renewed';
    };
    credentials = { token: async () => token, refused } as unknown as PastedToken;
    const { problem, events } = await ask();
    expect(problem).toBeUndefined();
    expect(events.map(({ name }) => name)).toEqual(['expected', 'insight', 'done']);
    expect(shown).toEqual(['Bearer old', 'Bearer renewed']);
  });
});
