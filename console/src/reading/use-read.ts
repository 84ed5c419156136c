import { askGateway, type GatewayProblem } from '@fingerpost/bar';
import { useCallback, useEffect, useState } from 'react';
import { asProblem } from '../problem/as-problem.ts';
import { whileLookedAt } from './while-looked-at.ts';

const LOOK_EVERY_MS = 5_000;

interface Read<Value> {
  value?: Value;
  problem?: GatewayProblem;
}

/** What the gateway has at that path for whoever is signed in, looked at again and again: what others end is gone here, too. */
export function useRead<Value>(path: string, everyMs = LOOK_EVERY_MS) {
  const [read, setRead] = useState<Read<Value>>({});

  const look = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const reply = await askGateway(location.origin, path, { signal });
        const value: Value = await reply.json();
        if (!signal?.aborted) setRead({ value });
      } catch (error) {
        // What was there stays readable while nobody answers.
        if (!signal?.aborted) setRead(({ value }) => ({ value, problem: asProblem(error) }));
      }
    },
    [path],
  );

  useEffect(() => {
    const stop = new AbortController();
    const leave = whileLookedAt(everyMs, () => look(stop.signal));
    return () => {
      stop.abort();
      leave();
    };
  }, [look, everyMs]);

  return { ...read, look: () => look() };
}
