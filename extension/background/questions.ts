import type { Browser } from 'wxt/browser';
import { demoAnswer } from '../demo/demo-answer.ts';
import { answerQuestion } from '../gateway/answer-question.ts';
import type { AnswerMessage, Question } from '../messages.ts';
import { credentials, display, lastKnown, ourselves, profiles } from './parts.ts';
import { originOfPage } from './senders.ts';

/**
 * One port is one question. Every event is a message of its own, which also keeps the browser from stopping the worker
 * in the middle of an answer. When the page leaves, the gateway is let go of.
 */
export function takeQuestion(port: Browser.runtime.Port): void {
  const origin = originOfPage(port.sender ?? {}, ourselves);
  if (origin === undefined) return port.disconnect();
  const left = new AbortController();
  port.onDisconnect.addListener(() => left.abort());
  const tell = (message: AnswerMessage) => {
    if (!left.signal.aborted) port.postMessage(message);
  };
  port.onMessage.addListener(async ({ context }: Question) => {
    // A page speaks for itself alone.
    if (URL.parse(context.url)?.origin !== origin) return port.disconnect();
    const problem = await answer({ context }, tell, left.signal).catch(() => undefined);
    if (problem !== undefined) tell({ problem });
    tell({ isOver: true });
  });
}

async function answer({ context }: Question, tell: (message: AnswerMessage) => void, signal: AbortSignal) {
  const [{ active }, { isDemo }] = await Promise.all([profiles.read(), display.read()]);
  const onEvent = (event: Extract<AnswerMessage, { event: unknown }>['event']) => tell({ event });
  if (isDemo) return demoAnswer(context, onEvent, signal);
  return answerQuestion(context, { profile: active, credentials, known: lastKnown, signal, onEvent });
}
