import type { PageContext } from '@fingerpost/contracts';
import type { Answered } from '../ask.ts';
import { type PageType, QUESTIONS } from './pages.ts';

type Run = (context: PageContext, arrived: () => Promise<void>) => Promise<Answered>;

/** Lets so many runs come as far as their upstream, where `arrived` keeps them until they are let go. */
export async function hold(count: number, type: PageType, run: Run): Promise<() => Promise<void>> {
  const gate = Promise.withResolvers<void>();
  const runs: Promise<void>[] = [];
  for (let number = 0; number < count; number++) {
    const { context, check } = QUESTIONS[type]();
    const there = Promise.withResolvers<void>();
    const answered = run(context, () => {
      there.resolve();
      return gate.promise;
    });
    runs.push(answered.then(check));
    await Promise.race([there.promise, answered]); // one after another: no more isolates are made at once than are ready
  }
  return async () => {
    gate.resolve();
    await Promise.all(runs);
  };
}
