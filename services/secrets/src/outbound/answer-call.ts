import { type CallRequest, Fault } from '@fingerpost/contracts';
import { describeSpan, type IncomingCall, type Log, metrics, readBytes } from '@fingerpost/platform';
import { checkTicket, type TicketCheck } from '../admit/check-ticket.ts';
import type { Minter } from '../mint/minter.ts';
import { Seal } from '../seal/unseal-request.ts';
import type { SecretStore } from '../store/secret-store.ts';
import { storeOfRun } from '../store/store-of-run.ts';
import { checkHeaders } from './headers.ts';
import { type CallMade, makeCall, type WaysOut } from './make-call.ts';

export interface Outbound extends WaysOut {
  tickets: TicketCheck;
  store: SecretStore;
  minter: Minter;
  log: Log;
}

const calls = metrics.counter({
  name: 'fingerpost_secrets_outbound_calls_total',
  help: 'Calls that integrations made, by how they ended: ok, or an error code.',
  labelNames: ['outcome'],
});
const took = metrics.histogram({
  name: 'fingerpost_secrets_outbound_call_duration_seconds',
  help: 'Time of a call from the run’s question to the last byte of its answer.',
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** One outbound call, start to end: admitted, unsealed, made, and its answer sent back as it comes. */
export async function answerCall(outbound: Outbound, request: CallRequest, call: IncomingCall): Promise<void> {
  const startedAt = performance.now();
  const facts: Record<string, unknown> = { method: request.method };
  const over = new AbortController();
  let outcome = 'ok';
  try {
    const signal = AbortSignal.any([call.signal, over.signal]);
    const { head, body } = await begin(outbound, request, call, signal, facts);
    facts.status = head.status;
    call.sendItem(head);
    for await (const chunk of body) await call.sendBytes(chunk);
  } catch (error) {
    const fault = error as Fault;
    outcome = typeof fault.code === 'string' ? fault.code : 'internal';
    // The detail stays here: what a connection says of itself names addresses of our network.
    facts.reason = (fault.cause as Error | undefined)?.message ?? fault.message;
    throw error;
  } finally {
    over.abort(); // whatever is still open towards the upstream
    const ms = performance.now() - startedAt;
    facts.ms = Math.round(ms);
    calls.inc({ outcome });
    took.observe(ms / 1_000);
    outbound.log.debug({ ...facts, outcome }, 'outbound call');
  }
}

async function begin(
  outbound: Outbound,
  request: CallRequest,
  call: IncomingCall,
  signal: AbortSignal,
  facts: Record<string, unknown>,
): Promise<CallMade> {
  const runnerId = call.subject.split('.').at(-1)!;
  const { grant, account, checkAgain } = await checkTicket(outbound.tickets, request, runnerId);
  facts.integration = grant.name;
  describeSpan({ 'fingerpost.integration': grant.name });
  const url = URL.parse(request.url);
  if (url === null) throw new Fault('request.invalid', 'The address of the call is not an absolute one.');
  facts.host = url.host;

  const headers = checkHeaders(request.headers);
  const body = await readBody(request, call, grant.limits.requestBytes);
  await account.countBytes(body.byteLength);
  const seal = new Seal(request.placeholders, grant, storeOfRun(outbound.store, account), outbound.minter);
  const { head, body: answer } = await makeCall(outbound, {
    ...{ method: request.method, url, headers, body, redirect: request.redirect },
    ...{ grant, seal, lent: account.lent, signal, checkAgain },
  });
  return { head, body: counted(answer, (bytes) => account.countBytes(bytes)) };
}

/** As a whole: a placeholder must not hide between two chunks, and a redirect may want it again. */
async function readBody({ method, bodyBytes }: CallRequest, call: IncomingCall, atMost: number): Promise<Uint8Array> {
  const tooLarge = () => new Fault('outbound.too_large', `The request has more than ${atMost} bytes.`);
  if (!(bodyBytes <= atMost)) throw tooLarge();
  if (bodyBytes > 0 && (method === 'GET' || method === 'HEAD'))
    throw new Fault('request.invalid', `A ${method} request has no body.`);
  if (bodyBytes === 0) return new Uint8Array();
  const wrong = (bytes: number | 'more') =>
    new Fault('request.invalid', `The request’s body should have ${bodyBytes} bytes and has ${bytes}.`);
  const bytes = await readBytes(call.body, bodyBytes, () => wrong('more'));
  if (bytes.byteLength !== bodyBytes) throw wrong(bytes.byteLength);
  return bytes;
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  count: (bytes: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    await count(chunk.byteLength);
    yield chunk;
  }
}
