import { request } from 'node:http';
import { cpus } from 'node:os';
import type { Deployment } from './deployment.ts';

const SOCKET = '/var/run/docker.sock';

/** What has been computed so far, in milliseconds: by each service, all its containers together, and how long the machine's cores had nothing to do. */
export interface Computed {
  services: Record<string, number>;
  idleMs: number;
}

/** Finds the containers once: to look for them costs more than they do. @returns how to ask what they have computed */
export async function cpuOf(deployment: Deployment, services: readonly string[]): Promise<() => Promise<Computed>> {
  const containers = await Promise.all(services.map((service) => deployment.containers(service)));
  return async () => {
    const each = services.map(async (service, at) => {
      const ms = await Promise.all(containers[at]!.map(computedIn));
      return [service, ms.reduce((sum, one) => sum + one, 0)];
    });
    const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0);
    return { services: Object.fromEntries(await Promise.all(each)), idleMs };
  };
}

/** CPU milliseconds of an answer, `gateway 3.1, runner 4.2`, and which part of the machine's cores had nothing to do. */
export function describeCpu(before: Computed, after: Computed, answers: number, tookMs: number) {
  const perAnswer = Object.entries(after.services).map(
    ([service, ms]) => `${service} ${((ms - before.services[service]!) / answers).toFixed(1)}`,
  );
  const idle = (after.idleMs - before.idleMs) / (tookMs * cpus().length);
  return { perAnswer: perAnswer.join(', '), idle };
}

// The command line has percents alone.
function computedIn(container: string): Promise<number> {
  const path = `/containers/${container}/stats?stream=false&one-shot=true`;
  return new Promise((resolve, reject) => {
    request({ socketPath: SOCKET, path }, (response) => {
      let text = '';
      response.on('data', (bytes) => (text += bytes));
      response.on('end', () => resolve(JSON.parse(text).cpu_stats.cpu_usage.total_usage / 1e6));
    })
      .on('error', reject)
      .end();
  });
}
