import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';
import { type Container, containersOf, find, type Manifest, render, VALUE_SETS } from './testing/chart.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
const KNOWN = [...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].flatMap(([, name]) => [name!, `${name}_FILE`]);

/** Node's own. */
const NOT_OURS = ['NODE_OPTIONS'];

/** Without which a service that is a process of its own does not start, or is not what production has. */
const NEEDED: Record<string, string[]> = {
  gateway: ['FINGERPOST_ROOT_KEY', 'REDIS_URL', 'FINGERPOST_CACHE_KEY_FILE', 'HOST', 'PORT'],
  registry: ['FINGERPOST_ROOT_KEY', 'DATABASE_URL_FILE', 'FINGERPOST_INTEGRATIONS', 'FINGERPOST_WALLS'],
  runner: ['FINGERPOST_ROOT_KEY', 'FINGERPOST_WALLS', 'FINGERPOST_SANDBOXES'],
  secrets: ['NATS_RUNNER_KEY', 'VAULT_ADDR', 'FINGERPOST_VAULT_AUTH', 'FINGERPOST_ROOT_TRANSIT_KEY'],
};
const NEEDED_BY_ALL = ['NATS_URL', 'NATS_CREDS', 'NATS_CA', 'HEALTH_PORT'];

(findServer('helm') === undefined ? describe.skip : describe)('what the chart tells a service', () => {
  describe.each(Object.entries(VALUE_SETS))('%s', (_name, files) => {
    const manifests = () => render(files);
    const namesOf = ({ env = [] }: Container) => env.map(({ name }) => name);
    const containerOf = (all: Manifest[], service: string) =>
      containersOf(find(all, 'Deployment', `fingerpost-${service}`))[0]!;

    it.each(Object.entries(NEEDED))('is all that a %s needs, in the words of docs/settings.md', (service, needed) => {
      const told = namesOf(containerOf(manifests(), service));
      expect(told).toEqual(expect.arrayContaining([...needed, ...NEEDED_BY_ALL]));
      expect(told.filter((name) => !KNOWN.includes(name) && !NOT_OURS.includes(name))).toEqual([]);
    });

    it('is nothing of a secret to the runner but how to join', () => {
      const runner = containerOf(manifests(), 'runner');
      expect(namesOf(runner).filter((name) => /REDIS|DATABASE|VAULT|CACHE|TOKEN|RUNNER_KEY/.test(name))).toEqual([]);
    });
  });

  it('can be anything that docs/settings.md has, for all or for one', () => {
    const manifests = render([], { env: { LOG_LEVEL: 'debug' }, 'gateway.env': { FINGERPOST_RATE_LIMIT: 60 } });
    const envOf = (service: string) => containersOf(find(manifests, 'Deployment', `fingerpost-${service}`))[0]!.env;
    expect(envOf('runner')).toContainEqual({ name: 'LOG_LEVEL', value: 'debug' });
    expect(envOf('gateway')).toContainEqual({ name: 'FINGERPOST_RATE_LIMIT', value: '60' });
    expect(envOf('runner')!.map(({ name }) => name)).not.toContain('FINGERPOST_RATE_LIMIT');
  });
});
