import { addressFrom } from './address-from.ts';

describe('addressFrom', () => {
  it('adds the scheme that people leave out', () => {
    expect(addressFrom(' github.com/acme ')?.href).toBe('https://github.com/acme');
  });
  it.each(['', 'javascript://alert(1)', 'ftp://acme.dev', 'https://', 'two words'])('refuses %j', (typed) => {
    expect(addressFrom(typed)).toBeUndefined();
  });
});
