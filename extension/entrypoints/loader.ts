import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { pageViewHere, putPageView } from '../page/page-view.ts';
import { startPage } from '../page/start-page.ts';

/** Runs in every page that the person switched on. Small: what draws comes later, if at all. */
export default defineUnlistedScript(async () => {
  // Entered twice (switched on while the page was loading, or the extension was updated): the later one stays.
  pageViewHere()?.stop();
  const stop = new AbortController();
  putPageView(await startPage(window, stop));
});
