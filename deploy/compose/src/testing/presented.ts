import { connect } from 'node:tls';
import type { Deployment } from './deployment.ts';

/** Who asks each engine, and at which port. */
const ENGINES = {
  nats: ['secrets', 4222],
  redis: ['gateway', 6379],
  postgres: ['registry', 5432],
  openbao: ['secrets', 8200],
} as const;
export type Engine = keyof typeof ENGINES;

/** The fingerprint of the certificate that an engine shows to whom it serves. */
export function presentedBy(engine: Engine, deployment: Deployment): Promise<string> {
  const [service, port] = ENGINES[engine];
  return deployment.node(
    service,
    `import { once } from 'node:events';
    import { connect } from 'node:net';
    import { connect as secured } from 'node:tls';
    const socket = connect(${port}, '${engine}');
    if ('${engine}' === 'postgres') socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])); // may I speak TLS?
    if (['postgres', 'nats'].includes('${engine}')) await once(socket, 'data');
    const inside = secured({ socket, rejectUnauthorized: false });
    await once(inside, 'secureConnect');
    console.log(inside.getPeerCertificate().fingerprint256);
    process.exit();`,
  );
}

/** The same of the door, to browsers. */
export function presentedAtTheDoor(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: 'localhost', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    }).on('error', reject);
  });
}
