import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { mountBar } from '../bar/mount-bar.tsx';
import { pageViewHere } from '../page/page-view.ts';

/** Comes into a page when its loader has something to show. */
export default defineUnlistedScript(() => {
  const view = pageViewHere();
  if (view !== undefined) mountBar(view);
});
