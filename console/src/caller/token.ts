import { useCallback, useEffect, useState } from 'react';

const KEY = 'fingerpost.token';

/** Takes `#token=...` out of the address at once, so that it is neither bookmarked nor shared nor read over a shoulder. */
export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  if (token !== '') sessionStorage.setItem(KEY, token);
}

/** The API token, kept until the tab is closed. */
export function useToken() {
  const [token, setToken] = useState(() => sessionStorage.getItem(KEY) ?? undefined);

  const keep = useCallback((next: string | undefined) => {
    if (next === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, next);
    setToken(next);
  }, []);

  useEffect(() => {
    const onHashChange = () => {
      takeTokenFromAddress();
      setToken(sessionStorage.getItem(KEY) ?? undefined);
    };
    addEventListener('hashchange', onHashChange);
    return () => removeEventListener('hashchange', onHashChange);
  }, []);

  return { token, keep };
}
