/** The option that was probably meant, if one is near enough to be worth saying. */
export function nearest(
  word: string,
  options: readonly string[],
  mostSteps = Number.POSITIVE_INFINITY,
): string | undefined {
  const ranked = options
    .map((option) => ({ option, steps: distance(word.toLowerCase(), option.toLowerCase()) }))
    .filter(({ option, steps }) => steps <= Math.min(mostSteps, Math.max(1, Math.floor(option.length / 3))))
    .sort((a, b) => a.steps - b.steps);
  return ranked[0]?.option;
}

// Levenshtein's, where two letters that changed places are one step, not two.
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 10) return Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const [row, before] = [rows[i - 1]!, rows[i - 2]];
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = before !== undefined && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, replaced, isSwap ? before[j - 2]! + 1 : replaced);
    }
    rows.push(next);
  }
  return rows.at(-1)!.at(-1)!;
}
