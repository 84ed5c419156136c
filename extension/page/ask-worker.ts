import type { AnswerEvent } from '@fingerpost/bar';
import type { PageContext } from '@fingerpost/contracts';
import { browser } from 'wxt/browser';
import type { PageProblem } from '../gateway/page-problem.ts';
import { type AnswerMessage, QUESTION_PORT } from '../messages.ts';

export interface Listener {
  signal: AbortSignal;
  /** the answer begins (again): what came before of it is void */
  onStart(): void;
  onEvent(event: AnswerEvent): void;
}

const TRIES = 3;

/**
 * Asks the background worker. The browser may stop it at any moment: then the port closes before the answer is over, and the
 * question is put again to the worker that the new port starts.
 */
export async function askWorker(context: PageContext, listener: Listener): Promise<PageProblem | undefined> {
  for (let left = TRIES; left > 0; left--) {
    listener.onStart();
    const end = await putQuestion(context, listener);
    if (end !== 'broken-off') return end.problem;
    listener.signal.throwIfAborted();
  }
  return { title: 'The extension stumbled', detail: 'Load the page again.', isPassing: true, isForSettings: false };
}

type End = { problem?: PageProblem } | 'broken-off';

function putQuestion(context: PageContext, { signal, onEvent }: Listener): Promise<End> {
  return new Promise((resolve) => {
    const port = browser.runtime.connect({ name: QUESTION_PORT });
    let problem: PageProblem | undefined;
    const leave = () => {
      port.disconnect();
      resolve('broken-off');
    };
    signal.addEventListener('abort', leave);
    port.onMessage.addListener((message: AnswerMessage) => {
      if ('event' in message) return onEvent(message.event);
      if ('problem' in message) problem = message.problem;
      else {
        signal.removeEventListener('abort', leave);
        port.disconnect();
        resolve({ problem });
      }
    });
    port.onDisconnect.addListener(() => {
      signal.removeEventListener('abort', leave);
      resolve('broken-off');
    });
    port.postMessage({ context });
  });
}
