// The one map of what is said between pages, the extension's own pages, and the background worker.
import type { AnswerEvent } from '@fingerpost/bar';
import type { PageContext } from '@fingerpost/contracts';
import { browser } from 'wxt/browser';
import type { SignIn } from './credentials/credentials.ts';
import type { Display, FloatPlace } from './display/display.ts';
import type { Finding } from './gateway/check-connection.ts';
import type { PageProblem } from './gateway/page-problem.ts';
import type { ProviderView } from './providers/providers.ts';

/** All that a page's content script is told. No gateway, no token: whoever breaks into a page's process learns neither. */
export interface PageSettings {
  /** somebody can be asked about this page, and it is not hidden here */
  isOn: boolean;
  /** changes when somebody else answers, or asks; says nothing about who */
  answersFrom: string;
  partsOff: string[];
  linkSchemes: string[];
  display: Display;
}

interface Requests {
  /** from content scripts */
  'page.begin': { ask: object; reply: PageSettings };
  'page.load-bar': { ask: object; reply: boolean };
  'page.hide': { ask: object; reply: boolean };
  'page.float': { ask: { isFloating: boolean; place?: FloatPlace }; reply: boolean };
  'page.open-settings': { ask: object; reply: boolean };
  /** from the extension's own pages */
  'sign-in.read': { ask: { profile: string }; reply: SignIn };
  /** the reply is where the browser goes */
  'sign-in.begin': { ask: { profile: string; redirect: string }; reply: string };
  'sign-in.finish': { ask: { profile: string; address: string }; reply: SignIn };
  'sign-in.paste': { ask: { profile: string; token: string }; reply: SignIn };
  'sign-in.out': { ask: { profile: string }; reply: SignIn };
  'profiles.remove': { ask: { profile: string }; reply: boolean };
  'gateway.check': { ask: { profile: string }; reply: Finding[] };
  'providers.read': { ask: object; reply: ProviderView[] };
}

export type RequestName = keyof Requests;
export type Ask<N extends RequestName> = Requests[N]['ask'];
export type Reply<N extends RequestName> = Requests[N]['reply'];
export type Request = { [N in RequestName]: { name: N } & Ask<N> }[RequestName];

/** From the background worker to every page with a bar. */
export type Notice = { name: 'settings-changed' } | { name: 'focus-bar' };

/** One question is one port: it ends with the answer, and whoever leaves takes the question back. */
export const QUESTION_PORT = 'question';
export type Question = { context: PageContext };
export type AnswerMessage = { event: AnswerEvent } | { problem: PageProblem } | { isOver: true };

/** @throws where the extension was updated or taken away meanwhile */
export async function send<N extends RequestName>(name: N, ask: Ask<N>): Promise<Reply<N>> {
  return await browser.runtime.sendMessage({ name, ...ask });
}

export function hearNotices(hear: (notice: Notice) => unknown, signal: AbortSignal): void {
  const listener = (notice: Notice) => {
    hear(notice);
  };
  browser.runtime.onMessage.addListener(listener);
  signal.addEventListener('abort', () => browser.runtime?.onMessage?.removeListener(listener));
}
