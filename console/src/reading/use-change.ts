import { askGateway, type GatewayProblem } from '@fingerpost/bar';
import { useState } from 'react';
import { asProblem } from '../problem/as-problem.ts';

type Method = 'POST' | 'PUT' | 'DELETE';

/** Has the gateway change something; browsers say by themselves whose page asks for it. */
export function useChange(onChange: () => void) {
  const [problem, setProblem] = useState<GatewayProblem>();
  const change = async (method: Method, path: string, body?: object): Promise<Response | undefined> => {
    const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    try {
      const reply = await askGateway(location.origin, path, { method, ...json });
      setProblem(undefined);
      onChange();
      return reply;
    } catch (error) {
      setProblem(asProblem(error));
      return undefined;
    }
  };
  return { change, problem };
}
