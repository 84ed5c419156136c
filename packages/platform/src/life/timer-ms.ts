/** Timers count in 32 bits, and take more than that (or no number at all) for "at once". */
export const timerMs = (ms: number): number => Math.min(2_147_483_647, Math.max(0, Math.ceil(ms) || 0));
