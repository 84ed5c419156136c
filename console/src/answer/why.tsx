import { askGateway } from '@fingerpost/bar';
import type { FailureDetail } from '@fingerpost/contracts';
import { useEffect, useState } from 'react';
import { type Caller, headersOf } from '../caller/caller.ts';

/** Why an integration failed, for its author: where the gateway tells it. The bar itself shows only that it did. */
export function Why({ id, caller }: { id: string; caller: Caller }) {
  const [failure, setFailure] = useState<FailureDetail>();
  useEffect(() => {
    const stop = new AbortController();
    askGateway(location.origin, `/failures/${id}`, { headers: headersOf(caller), signal: stop.signal })
      .then((reply) => reply.json())
      .then(setFailure, () => {}); // it is told in the log alone
    return () => stop.abort();
  }, [id, caller]);
  if (failure === undefined) return null;
  const { file, line, column, message, next, version, stack } = failure;
  return (
    <div className="why">
      <p>
        {file !== undefined && <code>{[file, line, column].filter((part) => part !== undefined).join(':')}</code>}{' '}
        {message}
      </p>
      {next !== undefined && <p>{next}</p>}
      <p className="quiet">
        version <code>{version}</code>
      </p>
      {stack !== undefined && (
        <details>
          <summary>Stack</summary>
          <pre>{stack}</pre>
        </details>
      )}
    </div>
  );
}
