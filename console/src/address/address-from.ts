/** What a person typed as an address, `https://` added where the scheme is missing; undefined if it is no web address. */
export function addressFrom(typed: string): URL | undefined {
  const text = typed.trim();
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}
