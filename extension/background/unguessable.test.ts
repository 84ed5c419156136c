import { memoryStore } from '../testing/memory-store.ts';
import { Unguessable } from './unguessable.ts';

describe('the mark of who answers whom', () => {
  const who = JSON.stringify(['https://fingerpost.acme.dev', { state: 'signed-in', how: 'as anna@acme.dev' }]);

  it('is the same for every page, and after the worker was stopped', async () => {
    const session = memoryStore();
    const [worker, next] = [new Unguessable(session), new Unguessable(session)];
    const marks = [...(await Promise.all([worker.markOf(who), worker.markOf(who)])), await next.markOf(who)];
    expect(new Set(marks).size).toBe(1);
    expect(await worker.markOf(who.replace('anna', 'ben'))).not.toBe(marks[0]);
  });

  it('confirms no guess of a name or an address to whoever reads it in a page’s process', async () => {
    const seen = await new Unguessable(memoryStore()).markOf(who);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(who)));
    expect(seen).toHaveLength(8);
    expect(seen).not.toBe(btoa(String.fromCharCode(...digest.subarray(0, 6))));
    expect(seen).not.toBe(await new Unguessable(memoryStore()).markOf(who));
  });
});
