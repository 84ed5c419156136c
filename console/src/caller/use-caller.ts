import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Caller } from './caller.ts';
import { type Door, lookAtDoor } from './door.ts';
import { useToken } from './token.ts';

/** Who asks. Somebody who is signed in comes before a token that the tab still has: they want to be seen as themselves. */
export function useCaller() {
  const { token, keep } = useToken();
  const [door, setDoor] = useState<Door>();
  const [wasRefused, setRefused] = useState(false);
  const person = door?.person;

  useEffect(() => {
    const stop = new AbortController();
    lookAtDoor(stop.signal).then((seen) => stop.signal.aborted || setDoor(seen));
    return () => stop.abort();
  }, []);

  const caller = useMemo<Caller | undefined>(() => {
    if (door === undefined) return undefined;
    if (person !== undefined) return { person };
    return token === undefined ? undefined : { token };
  }, [door, person, token]);

  const onRefused = useCallback(() => {
    if (person !== undefined) return void lookAtDoor().then(setDoor);
    setRefused(true);
    keep(undefined);
  }, [person, keep]);

  const onToken = useCallback(
    (next: string | undefined) => {
      setRefused(false);
      keep(next);
    },
    [keep],
  );

  return { caller, door, wasRefused, onRefused, onToken };
}
