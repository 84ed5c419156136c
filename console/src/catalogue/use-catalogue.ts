import { askGateway, GatewayProblem } from '@fingerpost/bar';
import type { CatalogueReply } from '@fingerpost/contracts';
import { useEffect, useState } from 'react';
import { type Caller, headersOf } from '../caller/caller.ts';
import { whileLookedAt } from '../reading/while-looked-at.ts';

const LOOK_EVERY_MS = 4_000;

/** What is in service, looked at again and again: a file dropped into the folder shows up by itself. */
export function useCatalogue(caller: Caller | undefined, onRefused: () => void) {
  const [catalogue, setCatalogue] = useState<CatalogueReply>();
  const [problem, setProblem] = useState<GatewayProblem>();

  useEffect(() => {
    setCatalogue(undefined);
    setProblem(undefined);
    if (caller === undefined) return;
    const stop = new AbortController();

    const look = async () => {
      try {
        const init = { headers: headersOf(caller), signal: stop.signal };
        const reply = await askGateway(location.origin, '/catalogue', init);
        const seen: CatalogueReply = await reply.json();
        if (stop.signal.aborted) return;
        setCatalogue(seen);
        setProblem(undefined);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof GatewayProblem && error.status === 401) return onRefused();
        setProblem(
          error instanceof GatewayProblem
            ? error
            : new GatewayProblem({ status: 0, title: 'The catalogue could not be read' }),
        );
      }
    };

    const leave = whileLookedAt(LOOK_EVERY_MS, look);
    return () => {
      stop.abort();
      leave();
    };
  }, [caller, onRefused]);

  return { catalogue, problem };
}
