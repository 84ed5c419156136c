import { type AnswerEvent, askForContext, GatewayProblem } from '@fingerpost/bar';
import type { PageContext } from '@fingerpost/contracts';
import type { Credentials } from '../credentials/credentials.ts';
import type { Profile } from '../profiles/profiles.ts';
import { checkedEvent } from './checked-event.ts';
import type { LastKnown } from './last-known.ts';
import type { PageProblem } from './page-problem.ts';

export interface AnswerParts {
  profile: Profile | undefined;
  credentials: Credentials;
  known: LastKnown;
  signal: AbortSignal;
  onEvent(event: AnswerEvent): void;
}

/** Asks the gateway about a page, event by event. When it is away, the last known answer comes in its stead. @returns why not, if so */
export async function answerQuestion(context: PageContext, parts: AnswerParts): Promise<PageProblem | undefined> {
  const { profile, credentials, known, signal, onEvent } = parts;
  if (profile === undefined) return SET_UP;
  const events: AnswerEvent[] = [];
  const hear = (heard: AnswerEvent) => {
    const event = events.length < MOST_EVENTS ? checkedEvent(heard) : undefined;
    if (event === undefined) return;
    events.push(event);
    onEvent(event);
  };
  try {
    const token = await credentials.token(profile);
    if (token === undefined) return SIGN_IN;
    const life = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]);
    const ask = (token: string) =>
      askForContext({ gateway: profile.gateway, token, context, signal: life, onEvent: hear });
    await ask(token).catch(async (error) => {
      const renewed = isUnknown(error) ? await renewedAfter(token, profile, credentials) : undefined;
      if (renewed === undefined) throw error;
      await ask(renewed);
    });
    await known.keep(profile, context, events);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const problem = problemFrom(error);
    if (problem.isPassing && events.length === 0)
      for (const event of await known.recall(profile, context)) onEvent(event);
    return problem;
  }
}

/** A token may be refused before its time; there may be another one then. */
async function renewedAfter(token: string, profile: Profile, credentials: Credentials): Promise<string | undefined> {
  await credentials.refused(profile);
  const renewed = await credentials.token(profile);
  return renewed === token ? undefined : renewed;
}

const isUnknown = (error: unknown): boolean => error instanceof GatewayProblem && error.status === 401;

/** Far more than any bar shows. */
const MOST_EVENTS = 2_000;
/** Gateways answer within seconds; one that never ends is let go of. */
const MOST_MS = 60_000;

const SET_UP: PageProblem = {
  title: 'Not set up yet',
  detail: 'Name your gateway in the settings.',
  isPassing: false,
  isForSettings: true,
};
const SIGN_IN: PageProblem = {
  title: 'Signed out',
  detail: 'Sign in again in the settings.',
  isPassing: false,
  isForSettings: true,
};

function problemFrom(error: unknown): PageProblem {
  if ((error as Error).name === 'TimeoutError')
    return { title: 'The gateway does not finish', isPassing: true, isForSettings: false };
  if (!(error instanceof GatewayProblem))
    return { title: 'The extension stumbled', detail: String(error), isPassing: false, isForSettings: false };
  const { status, title, detail } = error;
  if (status === 401) return SIGN_IN;
  if (status === 429)
    return { title: 'Too many questions', detail: 'It goes on in a moment.', isPassing: true, isForSettings: false };
  return { title, detail, isPassing: status === 0 || status >= 500, isForSettings: status === 0 };
}
