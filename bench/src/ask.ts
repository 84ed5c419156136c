import type { ContextAnswer, InsightEvent, PageContext } from '@fingerpost/contracts';
import { createParser } from 'eventsource-parser';
import { type Dispatcher, request } from 'undici';

/** What every answer has, however it came. */
export type Answered = Pick<ContextAnswer, 'data' | 'failedCount'>;

/** Where to ask: any server that speaks `POST /context`. */
export interface Place {
  readonly url: string;
  readonly token: string;
}

/**
 * One question with a JSON answer. By `dispatch`, undici's barest call: the load generator shares the machine with the server that it
 * measures, so what it saves counts.
 */
export function ask(client: Dispatcher, place: Place, context: PageContext): Promise<ContextAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    client.dispatch(
      {
        path: '/context',
        method: 'POST',
        headers: headersFor(place, 'application/json'),
        body: JSON.stringify(context),
      },
      {
        onRequestStart() {},
        onResponseStart: (_controller, code) => {
          status = code;
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => {
          const text = Buffer.concat(chunks).toString();
          if (status === 200) resolve(JSON.parse(text) as ContextAnswer);
          else reject(new Error(`${place.url} answered ${status}: ${text.slice(0, 300)}`));
        },
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

export interface Arrival {
  content: string;
  /** since the question left */
  ms: number;
}

/**
 * One question whose insights are taken as they arrive. A server that knows no event stream answers JSON: then all arrive at the end.
 */
export async function askForStream(
  place: Place,
  context: PageContext,
): Promise<{ answer: Answered; arrivals: Arrival[] }> {
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const { statusCode, headers, body } = await request(`${place.url}/context`, {
    method: 'POST',
    headers: headersFor(place, 'text/event-stream'),
    body: JSON.stringify(context),
  });
  if (statusCode !== 200) throw new Error(`${place.url} answered ${statusCode}: ${(await body.text()).slice(0, 300)}`);

  if (!String(headers['content-type']).startsWith('text/event-stream')) {
    const answer = (await body.json()) as ContextAnswer;
    return { answer, arrivals: answer.data.map(({ content }) => ({ content, ms: now() })) };
  }

  const arrivals: Arrival[] = [];
  const answer: Answered = { data: [], failedCount: 0 };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'failure') answer.failedCount++;
      if (event !== 'insight') return;
      const { insight } = JSON.parse(data) as InsightEvent;
      answer.data.push(insight);
      arrivals.push({ content: insight.content, ms: now() });
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
  return { answer, arrivals };
}

const headersFor = ({ token }: Place, accept: string) => ({
  accept,
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
