const ADDRESS = /(?:https?:\/\/|(?<![\w.-])(?=www\.))([^\s/:?#]+)/iu;
// Without "https://" much looks like a host that is none: package.json, Node.js.
const BARE = /(?<![\p{L}\p{N}@.-])((?:[\p{L}\p{N}-]+\.)+(?:com|org|net|io|dev|app|cloud))(?![\p{L}\p{N}.-])/iu;

/**
 * The host that a link leads to, where it is not what a person would think: its text names another one ("github.com" that opens evil.dev), or
 * it is written in letters that look like others, and says by "xn--" what it is really called.
 */
export function otherHost(content: string, href: string): string | undefined {
  const { hostname } = new URL(href);
  const named = (ADDRESS.exec(content)?.[1] ?? BARE.exec(content)?.[1])?.toLowerCase();
  const isAsNamed = named === undefined || `.${hostname}`.endsWith(`.${named.replace(/^www\./, '')}`);
  return isAsNamed && !hostname.includes('xn--') ? undefined : hostname;
}
