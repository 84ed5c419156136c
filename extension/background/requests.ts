import { GatewayProblem } from '@fingerpost/bar';
import { browser } from 'wxt/browser';
import { checkConnection } from '../gateway/check-connection.ts';
import type { Ask, PageSettings, Reply, Request, RequestName } from '../messages.ts';
import type { Profile } from '../profiles/profiles.ts';
import {
  account,
  credentials,
  display,
  gatewaySites,
  lastKnown,
  managed,
  ourselves,
  pastedToken,
  profiles,
} from './parts.ts';
import { mayAsk, originOfPage, type Sender } from './senders.ts';
import { readProviders, siteOn } from './sites.ts';

type Handlers = { [N in RequestName]: (ask: Ask<N>, sender: Sender) => Promise<Reply<N>> };

const handlers: Handlers = {
  'page.begin': (_, sender) => settingsFor(originOfPage(sender, ourselves)!),
  'page.load-bar': async (_, { tab }) => {
    await browser.scripting.executeScript({ target: { tabId: tab!.id!, frameIds: [0] }, files: ['bar.js'] });
    return true;
  },
  'page.hide': async (_, sender) => {
    await display.hide(originOfPage(sender, ourselves)!);
    return true;
  },
  'page.float': async ({ isFloating, place }) => {
    const isPlace = place !== undefined && [place.x, place.y].every((part) => part >= 0 && part <= 1);
    await display.change({ isFloating: isFloating === true, ...(isPlace && { place: { x: place.x, y: place.y } }) });
    return true;
  },
  'page.open-settings': async () => {
    await browser.runtime.openOptionsPage();
    return true;
  },

  'sign-in.read': async ({ profile }) => credentials.read(await profileOf(profile)),
  'sign-in.begin': async ({ profile, redirect }) => account.begin(await profileOf(profile), redirect),
  'sign-in.finish': async ({ profile, address }) => {
    await lastKnown.forget();
    return account.finish(await profileOf(profile), address);
  },
  'sign-in.paste': async ({ profile, token }) => {
    await lastKnown.forget();
    return pastedToken.paste(await profileOf(profile), token);
  },
  'sign-in.out': async ({ profile }) => {
    await lastKnown.forget();
    await credentials.signOut(await profileOf(profile));
    return credentials.read(await profileOf(profile));
  },
  // No token outlives its gateway. Not the settings' to do in two steps: they may be closed between them.
  'profiles.remove': async ({ profile }) => {
    await lastKnown.forget();
    await credentials.signOut(await profileOf(profile));
    await profiles.remove(profile);
    return true;
  },
  'gateway.check': async ({ profile: id }) => {
    const profile = await profileOf(id);
    return checkConnection(profile, {
      token: () => credentials.token(profile),
      sites: (token) =>
        gatewaySites.ask(profile, token).catch(async (error) => {
          if (error instanceof GatewayProblem && error.status === 401) await credentials.refused(profile);
          throw error;
        }),
      knock: (gateway) =>
        fetch(`${gateway}/health/live`, { credentials: 'omit', signal: AbortSignal.timeout(KNOCK_MS) }),
    });
  },
  'providers.read': readProviders,
};

const KNOCK_MS = 5_000;

/** Answers one message, if its sender may ask. */
export async function answerRequest(request: Request, sender: Sender): Promise<unknown> {
  if (!Object.hasOwn(handlers, request.name) || !mayAsk(request.name, sender, ourselves))
    throw new Error(`"${request.name}" is not for this sender`);
  return (handlers[request.name] as (ask: unknown, sender: Sender) => Promise<unknown>)(request, sender);
}

async function settingsFor(origin: string): Promise<PageSettings> {
  const [{ active }, shown, hidden, { linkSchemes }] = await Promise.all([
    profiles.read(),
    display.read(),
    display.hidden(),
    managed(),
  ]);
  const site = shown.isDemo ? undefined : active && (await siteOn(active, origin));
  return {
    isOn: !hidden.includes(origin) && (shown.isDemo || (active !== undefined && site?.enabled !== false)),
    answersFrom: shown.isDemo ? 'demo' : await shortHash(await whoAnswersWhom(active)),
    partsOff: site?.partsOff ?? [],
    linkSchemes: ['https', ...(Array.isArray(linkSchemes) ? linkSchemes : [])],
    display: shown,
  };
}

// Signing out and in counts too: what the last person was told is gone from every page at once.
const whoAnswersWhom = async (active: Profile | undefined): Promise<string> =>
  active === undefined ? '' : JSON.stringify([active.id, await credentials.read(active)]);

// Some ids are addresses, and pages are told none.
async function shortHash(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...hash.subarray(0, 6)));
}

async function profileOf(id: string): Promise<Profile> {
  const profile = (await profiles.read()).profiles.find((each) => each.id === id);
  if (profile === undefined) throw new Error('There is no such profile any more. Open the settings anew.');
  return profile;
}
