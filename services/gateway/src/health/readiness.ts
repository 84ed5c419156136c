import { Health } from '@fingerpost/platform';
import type { CatalogueNews, SecretsNews } from '../news/news.ts';
import type { RunnersNews } from '../news/runners-news.ts';

/** Each is heard of every 2 s; several in a row are missing when this has passed. */
const SILENCE_MS = 10_000;

/** Ready when the services that every answer needs have been heard of lately. */
export function readiness(catalogue: CatalogueNews, secrets: SecretsNews, runners: RunnersNews): Health {
  const health = new Health();
  health.add('registry', () => heard('the registry', catalogue.silentForMs()));
  health.add('secrets', () => heard('the secrets service', secrets.silentForMs()));
  // Kept answers, other integrations and signing in go on: no reason to send callers elsewhere, where it is no better.
  health.watch('runners', () => heard('a runner', runners.silentForMs()));
  health.watch('secret store', () => {
    if (secrets.outage !== undefined) throw new Error(secrets.outage);
  });
  return health;
}

function heard(service: string, silentForMs: number): void {
  if (silentForMs === Number.POSITIVE_INFINITY) throw new Error(`nothing heard of ${service} yet`);
  if (silentForMs > SILENCE_MS) throw new Error(`nothing heard of ${service} for ${Math.round(silentForMs / 1_000)} s`);
}
