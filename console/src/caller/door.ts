import { askGateway } from '@fingerpost/bar';
import type { Viewer } from '@fingerpost/contracts';

/** Who is signed in in this browser, or where one can. */
export interface Door {
  person?: Viewer;
  providers: { name: string; label: string }[];
}

const CLOSED: Door = { providers: [] };

export async function lookAtDoor(signal?: AbortSignal): Promise<Door> {
  const read = async <Reply>(path: string): Promise<Reply> =>
    (await askGateway(location.origin, path, { signal })).json();
  try {
    return { ...CLOSED, person: await read<Viewer>('/whoami') };
  } catch {
    return { providers: await read<Door['providers']>('/providers').catch(() => []) };
  }
}

export const signInAt = (path: string): string => `/sign-in?return_to=${encodeURIComponent(path)}`;

/** Ends the session here, and goes where the provider's own is ended. */
export async function signOut(): Promise<void> {
  const reply = await askGateway(location.origin, '/sign-out', { method: 'POST' });
  const { continueAt }: { continueAt: string } = await reply.json();
  location.assign(continueAt);
}
