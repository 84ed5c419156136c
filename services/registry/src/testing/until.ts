/** Waits for what happens elsewhere; gives up before the test does, so that nothing goes on behind it. */
export async function until<T>(look: () => T | Promise<T>): Promise<Exclude<T, false | null | undefined>> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < 15_000) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as Exclude<T, false | null | undefined>;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited 15 s for ${look}`);
}
