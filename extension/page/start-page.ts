import { readPage, siteOf } from '@fingerpost/sites';
import { browser } from 'wxt/browser';
import { hearNotices, send } from '../messages.ts';
import { askWorker } from './ask-worker.ts';
import { followPage } from './follow-page.ts';
import { PageQuestions } from './page-questions.ts';
import { PageView } from './page-view.ts';

/** Reads this page, asks about it, and follows it. The bar itself is loaded when there is something to show. */
export async function startPage(window: Window, stop: AbortController): Promise<PageView | undefined> {
  const { signal } = stop;
  const settings = await send('page.begin', {}).catch(() => undefined);
  if (settings === undefined || signal.aborted) return undefined;

  const view: PageView = new PageView(settings, stop, {
    retry: (integration) => questions.retry(integration),
    hide: () => send('page.hide', {}),
    float: (isFloating, place) => send('page.float', { isFloating, place }),
    openSettings: () => send('page.open-settings', {}),
  });
  const questions = new PageQuestions({
    view,
    ask: askWorker,
    onShow: showOnce(() => send('page.load-bar', {})),
    whenSeen: (act) => whenSeen(window.document, act, signal),
    signal,
  });

  const look = () => {
    if (browser.runtime?.id === undefined) return stop.abort(); // updated or taken away: another loader follows, or none
    if (!view.read().settings.isOn) return;
    const page = { url: new URL(window.location.href), document: window.document, before: questions.context };
    questions.about(readPage(page, view.read().settings.partsOff));
  };
  const renew = async () => {
    const before = view.read();
    const settings = await send('page.begin', {}).catch(() => undefined);
    if (settings === undefined) return stop.abort();
    view.change({ settings });
    if (!settings.isOn) return questions.leave();
    if (settings.answersFrom !== before.settings.answersFrom || before.problem !== undefined) questions.leave();
    look();
  };
  hearNotices((notice) => notice.name === 'settings-changed' && renew(), signal);
  followPage(window, { onChange: look, readsDocument: siteOf(new URL(window.location.href)).readsDocument, signal });
  look();
  return view;
}

function showOnce(load: () => Promise<unknown>): () => void {
  let isLoaded = false;
  return () => {
    if (isLoaded) return;
    isLoaded = true;
    load().catch(() => {
      isLoaded = false;
    });
  };
}

function whenSeen(document: Document, act: () => void, signal: AbortSignal): void {
  if (document.hidden) document.addEventListener('visibilitychange', act, { once: true, signal });
  else act();
}
