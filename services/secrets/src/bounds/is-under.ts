/**
 * Does a path lie under a prefix, whole segments counted? `/api` covers `/api` and `/api/users`, not `/apikeys`.
 * A path that some server could read as climbing out (`/api/..%2fadmin`, `/api/..;/admin`) lies under nothing but `/`.
 */
export function isUnder(prefix: string, pathname: string): boolean {
  if (prefix === '/') return true;
  if (!prefix.startsWith('/') || mayClimb(pathname)) return false;
  return pathname === prefix || pathname.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

function mayClimb(pathname: string): boolean {
  let path = pathname;
  for (let round = 0; round < 5; round++)
    path = path.replace(/%(2e|2f|5c|3b|25)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return path.split(/[/\\]/).some((segment) => /^\.\.?(;|$)/.test(segment));
}
