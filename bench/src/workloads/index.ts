import type { Target } from '../target.ts';
import { cached } from './cached.ts';
import { fanOut } from './fan-out.ts';
import { fault } from './fault.ts';
import { matchScale } from './match-scale.ts';
import { sandboxAlone } from './sandbox.ts';
import { scale } from './scale.ts';
import { slowNeighbour } from './slow-neighbour.ts';
import { uncached } from './uncached.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload<Target>[] = [
  cached,
  uncached,
  fanOut,
  slowNeighbour,
  matchScale,
  sandboxAlone,
  scale,
  fault,
];
