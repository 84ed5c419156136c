import { type RevealReply, type RunRequest, secretsSubjects } from '@fingerpost/contracts';
import { type Bus, newLetterbox, Secret } from '@fingerpost/platform';

/** The values that this run's code may hold itself, by name: asked for anew for every run, and kept nowhere. */
export async function askForValues(
  { ticket, grant }: RunRequest,
  { bus, runnerId }: { bus: Bus; runnerId: string },
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Record<string, Secret>> {
  const { address, open } = await newLetterbox();
  const { letter } = await bus.request<RevealReply>(
    secretsSubjects.reveal(runnerId),
    { ticket, grant, address },
    options,
  );
  const values = Object.entries(JSON.parse(await open(letter)) as Record<string, string>);
  return Object.fromEntries(values.map(([name, value]) => [name, new Secret(value)]));
}
