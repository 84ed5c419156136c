import { Seal } from './seal.ts';

const [ours, theirs] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const seal = new Seal([ours]);
const here = seal.place('answer', 'acme/secret-project');
const changedAt = (bytes: Buffer, at: number) => {
  const changed = Buffer.from(bytes);
  changed[at]! ^= 1;
  return changed;
};

describe('a sealed entry', () => {
  it('opens at its place, and shows nothing meanwhile', () => {
    for (const text of ['', 'true', '{"insights":["ünï©ode"]}', 'x'.repeat(100_000)])
      expect(here.open(here.close(text))).toBe(text);
    expect(here.close('{"insights":"on call: Anna"}').toString('latin1')).not.toMatch(/insights|Anna/);
    expect(here.address).toMatch(/^[\w-]{32}$/);
  });

  it('never looks the same twice', () => {
    expect(here.close('same').equals(here.close('same'))).toBe(false);
  });

  it('does not open when any byte of it has changed, is missing or was added', () => {
    const bytes = here.close('true');
    for (let at = 0; at < bytes.length; at++) {
      expect(here.open(changedAt(bytes, at))).toBeUndefined();
      expect(here.open(bytes.subarray(0, at))).toBeUndefined();
    }
    expect(here.open(Buffer.concat([bytes, Buffer.from([0])]))).toBeUndefined();
  });

  it.each(['', 'x', '{}', '\x01', '\x01'.repeat(29), 'x'.repeat(10_000)])('is none of %j', (text) => {
    expect(here.open(Buffer.from(text))).toBeUndefined();
  });

  it('does not open at another place, under another kind or with another key', () => {
    const bytes = here.close('true');
    expect(seal.place('answer', 'other').open(bytes)).toBeUndefined();
    expect(seal.place('turn', 'acme/secret-project').open(bytes)).toBeUndefined();
    expect(new Seal([theirs]).place('answer', 'acme/secret-project').open(bytes)).toBeUndefined();
  });

  it('lies where nobody without the key can guess', () => {
    expect(new Seal([theirs]).place('answer', 'acme/secret-project').address).not.toBe(here.address);
  });

  it('can be read while keys are being replaced', () => {
    const [before, between, after] = [new Seal([ours]), new Seal([theirs, ours]), new Seal([theirs])];
    const old = before.place('answer', 'k');
    const read = between.places('answer', 'k').find(({ address }) => address === old.address);
    expect(read!.open(old.close('of before'))).toBe('of before');
    expect(between.place('answer', 'k').address).toBe(after.place('answer', 'k').address);
  });
});
