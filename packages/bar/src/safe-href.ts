import { createContext, useContext } from 'react';

/** Schemes, without their ":", whose addresses may be clicked. What runs in the page of whoever clicks is never among them. */
export const LinkSchemes = createContext<readonly string[]>(['https', 'http']);

const NEVER = new Set(['javascript', 'data', 'blob', 'vbscript', 'file', 'filesystem', 'about']);

/** The address if a person may click it, else nothing. The gateway checks too; the bar lives in other people's pages and believes nobody. */
export function safeHref(href: string | undefined, schemes: readonly string[] = ['https', 'http']): string | undefined {
  if (typeof href !== 'string') return undefined;
  const url = URL.parse(href);
  // "https://github.com@evil.dev" begins like another address than it is.
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  const scheme = url.protocol.slice(0, -1);
  return schemes.includes(scheme) && !NEVER.has(scheme) ? url.href : undefined;
}

export function useSafeHref(href: string | undefined): string | undefined {
  return safeHref(href, useContext(LinkSchemes));
}
