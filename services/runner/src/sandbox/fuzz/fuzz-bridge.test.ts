import { fuzzBridge } from './fuzz-bridge.ts';

it('finds nothing behind the seed that is always tried', async () => {
  const { findings, ends, programs, messages } = await fuzzBridge(20_260_101, 'process', (round) => round < 6);
  expect(findings).toEqual([]);
  expect({ programs, messages }).toEqual({ programs: 48, messages: 12_000 });
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(['answered', 'run.failed']));
}, 60_000);
