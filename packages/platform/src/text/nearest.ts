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

// Levenshtein's, one row at a time.
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 10) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
