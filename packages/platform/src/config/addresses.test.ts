import { addresses, addressMatcher } from './addresses.ts';
import { readSettings } from './settings.ts';

describe('addresses and ranges', () => {
  it.each<[string, string[], string, boolean]>([
    ['an address', ['10.1.2.3'], '10.1.2.3', true],
    ['another', ['10.1.2.3'], '10.1.2.4', false],
    ['one of a range', ['10.0.0.0/8'], '10.200.0.1', true],
    ['one beside it', ['10.0.0.0/8'], '11.0.0.1', false],
    ['IPv4 on a socket for both', ['10.0.0.0/8'], '::ffff:10.0.0.1', true],
    ['IPv4 beside it on such a socket', ['10.0.0.0/8'], '::ffff:11.0.0.1', false],
    ['IPv6', ['fd00::/8'], 'fd12::1', true],
    ['IPv6 beside it', ['fd00::/8'], '2001:db8::1', false],
    ['anybody, where none are named', [], '203.0.113.9', true],
    ['what is no address', ['10.0.0.0/8'], 'unknown', false],
  ])('%s', (_what, entries, address, isIn) => {
    expect(addressMatcher(entries)(address)).toBe(isIn);
  });

  it.each([
    '10.0.0.0/',
    '10.0.0.0/8/9',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/1e0',
    '10.0.0/8',
    'fd00::/129',
    '/8',
    '::/',
  ])('are not what lets in everybody by a slip: %s', (entry) => {
    const spec = { callers: ['HEALTH_CALLERS', addresses({ default: [] })] } as const;
    expect(() => readSettings({ HEALTH_CALLERS: `10.1.2.3,${entry}` }, spec)).toThrow(
      'is no address and no CIDR range',
    );
  });
});
