/**
 * The address if a person may click it, else nothing. The gateway checks too; the bar lives in other people's pages
 * and believes nobody: `javascript:` and its like would run there.
 */
export function safeHref(href: string | undefined): string | undefined {
  if (typeof href !== 'string') return undefined;
  const url = URL.parse(href);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  return url.href;
}
