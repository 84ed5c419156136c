import type { Part } from '../site.ts';

/** Who is signed in to GitHub. Nobody may be: that is no fault of the page. */
export const user: Part = {
  name: 'github.user',
  runsOn: () => true,
  read(look) {
    const name =
      look.glimpse('meta[name="user-login"]')?.getAttribute('content') ||
      look.glimpse('[data-login]')?.getAttribute('data-login');
    return name && /^[\w-]{1,60}$/.test(name) ? { global: { user: name } } : undefined;
  },
};
