/** By hand: `npm run fuzz -- --seed 7 --minutes 10`. */

import { parseArgs } from 'node:util';
import { createLog, type WallLevel } from '@fingerpost/platform';
import { chooseWalls } from '../choose-walls.ts';
import { INSIDE } from '../inside.ts';
import { fuzzBridge } from './fuzz-bridge.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '5' },
    walls: { type: 'string' },
  },
});
const log = createLog('fuzz', { level: 'silent', format: 'json' });
const walls = (values.walls as WallLevel) ?? (await chooseWalls('process', INSIDE, log));
const seed = Number(values.seed);
const until = Date.now() + Number(values.minutes) * 60_000;
console.log(`Seed ${seed}, ${values.minutes} minutes, walls: ${walls}`);
const { programs, messages, ends, findings } = await fuzzBridge(seed, walls, () => Date.now() < until);
console.log(`${programs} programs, ${messages} messages. Runs ended:`, ends);
for (const { what, of } of findings)
  console.log(`\nFOUND ${what}\n${typeof of === 'string' ? of : JSON.stringify(of, null, 2)}`);
console.log(findings.length === 0 ? 'Nothing found.' : `\n${findings.length} findings.`);
process.exit(findings.length === 0 ? 0 : 1);
