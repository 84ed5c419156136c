import { metrics } from '@fingerpost/platform';
import { IntegrationCounts } from './integration-counts.ts';

it('counts what comes after a hundred names as one: nobody fills the memory of who looks by renaming', async () => {
  const counts = new IntegrationCounts();
  for (let name = 0; name < 1_000; name++) {
    counts.count(`renamed-${name}`, 'run');
    counts.ran(`renamed-${name}`, 5);
  }
  const text = await metrics.text();
  const names = new Set([...text.matchAll(/_total\{integration="([^"]+)"/g)].map(([, name]) => name));
  expect(names.size).toBe(101);
  expect(text).toContain('fingerpost_gateway_answers_total{integration="other",from="run"} 900');
});
