import type { Problem } from '@fingerpost/contracts';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { AnswerEvent } from './answer-state.ts';
import { PageTrace } from './page-trace.ts';

export interface ContextQuestion {
  /** e.g. `http://localhost:3000` */
  gateway: string;
  /** none where a page of the gateway's own asks: there the cookie of whoever is signed in counts */
  token?: string;
  context: unknown;
  signal?: AbortSignal;
  onEvent(event: AnswerEvent): void;
}

/** Why the gateway gave no answer. `status` is 0 where none arrived or the answer broke off. */
export class GatewayProblem extends Error {
  override readonly name = 'GatewayProblem';
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly code?: string;
  readonly id?: string;
  readonly errors?: Problem['errors'];

  constructor(problem: Pick<Problem, 'status' | 'title'> & Partial<Problem>, options?: ErrorOptions) {
    super(problem.detail ?? problem.title, options);
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.code = problem.code;
    this.id = problem.id;
    this.errors = problem.errors;
  }
}

const EVENT_NAMES: readonly string[] = ['expected', 'insight', 'failure', 'done'] satisfies AnswerEvent['name'][];

/**
 * Asks the gateway about a page and tells every event as it arrives; resolves after `done`.
 * @throws GatewayProblem, or the signal's reason when aborted
 */
export async function askForContext({ gateway, token, context, signal, onEvent }: ContextQuestion): Promise<void> {
  const trace = new PageTrace();
  const own = { ...(token !== undefined && { authorization: `Bearer ${token}` }), traceparent: trace.traceparent };
  const reply = await askGateway(gateway, '/context', {
    method: 'POST',
    headers: { ...own, accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify(context),
    signal,
  });
  try {
    for await (const event of readEvents(reply)) {
      onEvent(event);
      if (event.name === 'insight') trace.seen();
      if (event.name !== 'done') continue;
      const times = trace.toTell(reply);
      // Nobody waits for it, and nobody misses it.
      if (times !== undefined) askGateway(gateway, times, { method: 'POST', headers: own }).catch(() => {});
      return;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw brokenOff(cause);
  }
  throw brokenOff();
}

/** A request to the gateway whose every failure is a GatewayProblem. */
export async function askGateway(gateway: string, path: string, init: RequestInit): Promise<Response> {
  const reply = await fetch(new URL(path, gateway), init).catch((cause) => {
    init.signal?.throwIfAborted();
    throw new GatewayProblem(
      { status: 0, title: 'The gateway cannot be reached', detail: `Nobody answers at ${gateway}.` },
      { cause },
    );
  });
  if (!reply.ok) throw await readProblem(reply);
  return reply;
}

async function* readEvents(reply: Response): AsyncGenerator<AnswerEvent> {
  if (reply.body === null) return;
  const messages = reply.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { done, value } = await messages.read();
      if (done) return;
      // A later gateway may tell more; what this bar does not know it leaves alone.
      if (value.event !== undefined && EVENT_NAMES.includes(value.event))
        yield { name: value.event, data: JSON.parse(value.data) } as AnswerEvent;
    }
  } finally {
    messages.cancel().catch(() => {});
  }
}

async function readProblem(reply: Response): Promise<GatewayProblem> {
  const problem: Partial<Problem> = await reply.json().catch(() => ({}));
  return new GatewayProblem({
    ...problem,
    status: reply.status,
    title: problem?.title ?? `The gateway answered ${reply.status}`,
  });
}

const brokenOff = (cause?: unknown) =>
  new GatewayProblem(
    { status: 0, title: 'The answer broke off', detail: 'The connection to the gateway ended too early.' },
    { cause },
  );
