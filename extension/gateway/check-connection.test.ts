import { GatewayProblem } from '@fingerpost/bar';
import { type CheckParts, checkConnection } from './check-connection.ts';

const profile = { id: 'one', name: 'One', gateway: 'https://fingerpost.acme.dev', isManaged: false };
const github = { name: 'github', enabled: true, urls: [], description: '' };
const problem = (status: number, title = 'So it is') => Promise.reject(new GatewayProblem({ status, title }));

const check = (parts: Partial<CheckParts> = {}) =>
  checkConnection(profile, {
    knock: async () => ({ status: 200 }),
    token: async () => 'fp_x',
    sites: async () => ({ adapters: [github], customDomains: [] }),
    ...parts,
  });

describe('the connection check', () => {
  it('goes from the outside in when all is well', async () => {
    const findings = await check();
    expect(findings.map(({ isFine }) => isFine)).toEqual([true, true, true]);
    expect(findings.map(({ said }) => said).join(' ')).toContain('github');
  });

  it.each<[string, Partial<CheckParts>, RegExp]>([
    ['nobody answers', { knock: () => Promise.reject(new TypeError('fetch failed')) }, /VPN/],
    ['somebody else answers', { knock: async () => ({ status: 404 }) }, /platform team/],
    ['nobody is signed in', { token: async () => undefined }, /Sign in/],
    ['the token is not known', { sites: () => problem(401) }, /Sign in again/],
    ['it is asked too often', { sites: () => problem(429) }, /Wait/],
    ['it is ill', { sites: () => problem(503) }, /again/],
    ['a proxy answers in its stead', { sites: () => Promise.reject(new SyntaxError('<html>')) }, /proxy/],
    ['it serves nothing', { sites: async () => ({ adapters: [], customDomains: [] }) }, /FINGERPOST_SITES/],
  ])('says what to do when %s, and stops there', async (_, parts, next) => {
    const findings = await check(parts);
    expect(findings.filter(({ isFine }) => !isFine)).toEqual([findings.at(-1)]);
    expect(findings.at(-1)?.next).toMatch(next);
  });
});
