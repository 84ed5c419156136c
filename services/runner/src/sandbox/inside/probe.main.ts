/** Tries the walls of the system by themselves: it runs behind them without Node's permission model, once, and no author's code ever does. */
import { findMissingOuterWalls } from './try-walls.ts';

process.send?.({ missingWalls: await findMissingOuterWalls() }, () => process.exit());
