import { letterTo, newLetterbox } from './letterbox.ts';

describe('a letter', () => {
  it('is read by whom it is for, and by nobody else', async () => {
    const [mine, other] = [await newLetterbox(), await newLetterbox()];
    const letter = await letterTo(mine.address, 'for you');
    expect(letter).not.toContain(Buffer.from('for you').toString('base64url'));
    expect(await mine.open(letter)).toBe('for you');
    await expect(other.open(letter)).rejects.toThrow();
    await expect(
      mine.open(letter.replace(/(?<=\.)[^.](?=[^.]*$)/, (first) => (first === 'A' ? 'B' : 'A'))),
    ).rejects.toThrow();
  });

  it.each([{}, { kty: 'oct', k: 'AAAA' }, { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }])(
    'needs an address: %j',
    async (address) => {
      await expect(letterTo(address, 'x')).rejects.toThrow();
    },
  );
});
