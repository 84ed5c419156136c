import { checkInsights, type Insight } from '@fingerpost/contracts';

export interface KeptAnswer {
  insights: Insight[];
  /** epoch ms */
  storedAt: number;
  lifetimeMs: number;
}

export function younger(a: KeptAnswer | undefined, b: KeptAnswer | undefined): KeptAnswer | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.storedAt > a.storedAt ? b : a;
}

/**
 * A gateway wrote it, perhaps one of another release: what does not fit counts as not there. Its clock may be ahead of ours: nothing is
 * younger than now.
 */
export function parseAnswer(text: string, now: number): KeptAnswer | undefined {
  try {
    const { insights, storedAt, lifetimeMs } = JSON.parse(text) as KeptAnswer;
    if (!Number.isFinite(storedAt) || !Number.isFinite(lifetimeMs)) return undefined;
    return { insights: checkInsights(insights), storedAt: Math.min(storedAt, now), lifetimeMs };
  } catch {
    return undefined;
  }
}
