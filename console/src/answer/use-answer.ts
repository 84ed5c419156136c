import {
  type AnswerEvent,
  type AnswerState,
  askForContext,
  type GatewayProblem,
  noAnswer,
  withEvent,
  withRetry,
} from '@fingerpost/bar';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Caller, tokenOf } from '../caller/caller.ts';
import { asProblem } from '../problem/as-problem.ts';

export interface LoggedEvent {
  event: AnswerEvent;
  /** since the request left */
  atMs: number;
}

export interface Asked {
  bar: AnswerState;
  log: LoggedEvent[];
  problem?: GatewayProblem;
  isAsking: boolean;
}

const NOTHING: Asked = { bar: noAnswer, log: [], isAsking: false };

/** One question at a time: a new one lets go of the one before. */
export function useAnswer(caller: Caller | undefined, onRefused: () => void) {
  const [asked, setAsked] = useState<Asked>(NOTHING);
  const running = useRef<AbortController>(undefined);
  const lastContext = useRef<unknown>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(
    async (before: Asked, isWanted: (event: AnswerEvent) => boolean) => {
      running.current?.abort();
      if (caller === undefined) return setAsked(NOTHING);
      running.current = new AbortController();
      const { signal } = running.current;
      const startedAt = performance.now();
      const tell = (change: (now: Asked) => Asked) => {
        if (!signal.aborted) setAsked(change);
      };
      const onEvent = (event: AnswerEvent) => {
        if (!isWanted(event)) return;
        const logged = { event, atMs: performance.now() - startedAt };
        tell((now) => ({ ...now, bar: withEvent(now.bar, event), log: [...now.log, logged] }));
      };

      setAsked({ ...before, problem: undefined, isAsking: true });
      try {
        const question = { gateway: location.origin, token: tokenOf(caller), context: lastContext.current };
        await askForContext({ ...question, signal, onEvent });
        tell((now) => ({ ...now, isAsking: false }));
      } catch (error) {
        if (signal.aborted) return;
        const problem = asProblem(error);
        // What came before the break stays; nothing more is on its way.
        tell((now) => ({ ...now, problem, isAsking: false, bar: { ...now.bar, isDone: true } }));
        if (problem.status === 401) onRefused();
      }
    },
    [caller, onRefused],
  );

  const ask = useCallback(
    (context: unknown) => {
      lastContext.current = context;
      run(NOTHING, () => true);
    },
    [run],
  );

  // The others answer from the cache and have their place already: only the failed one is looked at again.
  const retry = (name: string) =>
    run({ ...asked, log: [], bar: withRetry(asked.bar, name) }, (event) =>
      'integration' in event.data ? event.data.integration === name : event.name === 'done',
    );

  return { asked, ask, retry };
}
