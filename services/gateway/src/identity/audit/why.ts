/** What errors say, one after the other: their sentences alone, as what they carry may be a token. */
export function whyOf(error: unknown): string {
  const sentences: string[] = [];
  for (let at = error; at instanceof Error && sentences.length < 5; at = at.cause) sentences.push(at.message);
  return sentences.join(': ') || String(error);
}
