import type { Finding } from '../gateway/check-connection.ts';

/** What the connection check saw, from the outside in. */
export const Findings = ({ findings }: { findings: readonly Finding[] | 'checking' }) => (
  <ol className="findings" role="status">
    {findings === 'checking' ? (
      <li>Asking the gateway …</li>
    ) : (
      findings.map(({ isFine, said, next }) => (
        <li key={said}>
          <span className="dot" data-fine={isFine || undefined} data-bad={!isFine || undefined} />
          <span>
            {said} {next && <small>{next}</small>}
          </span>
        </li>
      ))
    )}
  </ol>
);
