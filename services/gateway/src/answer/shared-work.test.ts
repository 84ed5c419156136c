import { SharedWork } from './shared-work.ts';

const startable = () => {
  const starts: { signal: AbortSignal; resolve: (value: string) => void; reject: (error: unknown) => void }[] = [];
  const start = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => starts.push({ signal, resolve, reject }));
  return { starts, start };
};

describe('SharedWork', () => {
  it('does once what twenty want at the same time', async () => {
    const work = new SharedWork<string>();
    const { starts, start } = startable();
    const waiting = Array.from({ length: 20 }, () => work.join('key', undefined, start));
    expect(starts).toHaveLength(1);
    starts[0]!.resolve('done');
    expect(await Promise.all(waiting)).toEqual(Array(20).fill('done'));
  });

  it('tells everybody of a failure, and begins anew for the next one', async () => {
    const work = new SharedWork<string>();
    const { starts, start } = startable();
    const waiting = [1, 2].map(() => work.join('key', undefined, start));
    starts[0]!.reject(new Error('no'));
    for (const one of await Promise.allSettled(waiting)) expect(one.status).toBe('rejected');
    void work.join('key', undefined, start);
    expect(starts).toHaveLength(2);
  });

  it('is called off only when the last one has gone', async () => {
    const work = new SharedWork<string>();
    const { starts, start } = startable();
    const [first, second] = [new AbortController(), new AbortController()];
    void work.join('key', first.signal, start);
    void work.join('key', second.signal, start);
    first.abort();
    expect(starts[0]!.signal.aborted).toBe(false);
    second.abort();
    expect(starts[0]!.signal.aborted).toBe(true);
  });

  it('does not let anybody join work that was called off', async () => {
    const work = new SharedWork<string>();
    const { starts, start } = startable();
    const leaving = new AbortController();
    void work.join('key', leaving.signal, start);
    leaving.abort();
    const late = work.join('key', undefined, start);
    starts[1]!.resolve('anew');
    expect(await late).toBe('anew');
  });

  it('goes on for whoever never leaves', async () => {
    const work = new SharedWork<string>();
    const { starts, start } = startable();
    const leaving = new AbortController();
    void work.join('key', undefined, start);
    void work.join('key', leaving.signal, start);
    leaving.abort();
    expect(starts[0]!.signal.aborted).toBe(false);
  });
});
