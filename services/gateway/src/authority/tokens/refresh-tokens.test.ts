import { EmbeddedStore } from '../../identity/store/embedded-store.ts';
import { GRACE_MS, RefreshTokens } from './refresh-tokens.ts';

const KEEP_MS = 1_000_000;
const claims = { accountId: 'a session' };

let at: number;
let store: EmbeddedStore;
let tokens: RefreshTokens<typeof claims>;
beforeEach(async () => {
  at = 1_000_000;
  store = await EmbeddedStore.open(undefined, () => at);
  tokens = new RefreshTokens(store, () => at);
});
afterEach(() => store.close());

const begin = async () => {
  const { token, key } = tokens.begin();
  await tokens.keep(token, claims, KEEP_MS, key);
  return token;
};
/** As the token endpoint does it. @returns what was answered */
const use = async (token: string) => {
  const shown = await tokens.show(token);
  if (shown === undefined || shown.isReused) return shown === undefined ? 'unknown' : 'reused';
  await tokens.keep(shown.successor, claims, KEEP_MS);
  return shown.successor;
};

describe('a refresh token', () => {
  it('is good for one successor, and that for the next', async () => {
    const first = await begin();
    const second = await use(first);
    const third = await use(second);
    expect(new Set([first, second, third]).size).toBe(3);
    expect((await tokens.show(third))?.claims).toEqual(claims);
  });

  it('gets the same successor again while the answer may have been lost', async () => {
    const first = await begin();
    const second = await use(first);
    at += GRACE_MS;
    expect(await use(first)).toBe(second);
    at += 1;
    expect(await use(first)).toBe('reused');
  });

  it('is given one successor, however many ask at once and behind whichever gateway', async () => {
    const first = await begin();
    const other = new RefreshTokens<typeof claims>(store, () => at);
    const shown = await Promise.all([tokens.show(first), other.show(first), tokens.show(first)]);
    expect(new Set(shown.map((each) => each?.successor)).size).toBe(1);
    await Promise.all(shown.map((each) => other.keep(each!.successor, claims, KEEP_MS)));
    expect(await use(first)).toBe(shown[0]!.successor);
    expect(await use(shown[0]!.successor)).toMatch(/\./);
  });

  it('is known as reused once its successor was used, at once and however old it is', async () => {
    const first = await begin();
    const second = await use(first);
    await use(second);
    expect(await use(first)).toBe('reused');
    at += 500_000;
    expect(await use(first)).toBe('reused');
  });

  it('goes on where a store that was started anew has missed its last change', async () => {
    const first = await begin();
    const [id] = first.split('.');
    const before = await store.read<object>('refresh', id!);
    const second = await use(first);
    await store.write('refresh', id!, before);
    const third = await use(second);
    expect(third).toMatch(/\./);
    expect(await use(second)).toBe(third);
  });

  it.each([
    ['that is nothing', () => ''],
    ['with another secret', (token: string) => token.replace(/\.[\w-]{43}\./, `.${'A'.repeat(43)}.`)],
    ['with another mark', (token: string) => token.replace(/[\w-]{22}$/, 'A'.repeat(22))],
    ['of a family that is not there', (token: string) => token.replace(/^[\w-]{22}/, 'A'.repeat(22))],
    ['with more behind it', (token: string) => `${token}=`],
  ])('%s is unknown, and does its family no harm', async (_what, change) => {
    const first = await begin();
    expect(await use(change(first))).toBe('unknown');
    expect(await use(first)).toMatch(/\./);
  });

  it('is gone with its family', async () => {
    const first = await begin();
    await tokens.forget(first);
    expect(await use(first)).toBe('unknown');
  });

  it('cannot be made from what the store knows', async () => {
    const first = await begin();
    const second = await use(first);
    const kept = JSON.stringify(await store.list('refresh'));
    for (const token of [first, second]) for (const part of token.split('.').slice(1)) expect(kept).not.toContain(part);
  });
});

describe('how long it takes to refuse a refresh token', () => {
  const ROUNDS = 400;

  it('says nothing of how much of its mark is right', async () => {
    const first = await begin();
    const withMark = (right: number) =>
      first.slice(0, -22 + right) + (first.at(-1) === 'A' ? 'B' : 'A').repeat(22 - right);
    const [none, most] = [withMark(0), withMark(20)];
    const times = { none: [] as number[], most: [] as number[] };
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, token] of [
        ['none', none],
        ['most', most],
      ] as const) {
        const startedAt = process.hrtime.bigint();
        await tokens.show(token);
        times[name].push(Number(process.hrtime.bigint() - startedAt));
      }
    const medianOf = (all: number[]) => all.sort((a, b) => a - b)[all.length / 2]!;
    const ratio = medianOf(times.most) / medianOf(times.none);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });
});
