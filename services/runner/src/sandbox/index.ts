/** The sandbox by itself, without bus and tickets: for whoever measures it. */
export { chooseWalls } from './choose-walls.ts';
export { INSIDE } from './inside.ts';
export type { EffectOutcome, EffectRequest } from './protocol.ts';
export { SandboxPool } from './sandbox-pool.ts';
export type { Visitor, Work } from './visit.ts';
