import type { GatewayProblem } from '@fingerpost/bar';

/** Why the gateway gave no answer. */
export function ProblemNote({ problem }: { problem: GatewayProblem }) {
  return (
    <div className="fault" role="alert">
      <b>
        {problem.status > 0 && `${problem.status} `}
        {problem.title}
      </b>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.errors?.map((error) => (
        <p key={error.path}>
          <code>{error.path || 'context'}</code> {error.message}
        </p>
      ))}
      {problem.id && (
        <p>
          The log has more under <code>{problem.id}</code>
        </p>
      )}
    </div>
  );
}
