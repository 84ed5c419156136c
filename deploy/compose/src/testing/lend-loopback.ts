import { connect } from 'node:net';
import { type Deployment, docker } from './deployment.ts';
import { openRelay } from './relay.ts';

/**
 * A test's upstream listens on loopback, which is another one in a container: the secrets service finds it there all the same.
 * @returns how to end it
 */
export async function lendLoopback(deployment: Deployment, env: NodeJS.ProcessEnv): Promise<() => void> {
  const ends: (() => void)[] = [];
  for (const port of portsIn(env)) {
    ends.push(await openRelay(deployment.host, port, () => connect(port, '127.0.0.1')));
    for (const container of await deployment.containers('secrets'))
      await docker(
        'exec',
        '--detach',
        container,
        'node',
        '--input-type=module',
        '--eval',
        wayTo(deployment.host, port),
      );
  }
  return () => {
    for (const end of ends) end();
  };
}

/** Those that the secrets service is told of. */
function portsIn({ FINGERPOST_OUTBOUND_PROXY = '', FINGERPOST_OUTBOUND_ALLOW = '' }: NodeJS.ProcessEnv): Set<number> {
  const named = `${FINGERPOST_OUTBOUND_PROXY} ${FINGERPOST_OUTBOUND_ALLOW}`.matchAll(/127\.0\.0\.1:(\d+)/g);
  return new Set([...named].map(([, port]) => Number(port)));
}

/** A program for its container. */
const wayTo = (host: string, port: number) => `import { connect, createServer } from 'node:net';
  createServer((near) => {
    const far = connect(${port}, '${host}');
    for (const [one, other] of [[near, far], [far, near]]) one.on('error', () => other.destroy()).pipe(other);
  }).listen(${port}, '127.0.0.1');`;
