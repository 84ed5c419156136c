import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Fault } from '@fingerpost/contracts';
import { hostAndPort, namesHost } from '../bounds/host.ts';
import { isPublic } from './is-public.ts';

export interface Address {
  address: string;
  family: number;
}

export type Resolve = (hostname: string) => Promise<Address[]>;

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/** Where web services listen. */
const PORTS = ['443', '8443'];

/**
 * Decides where calls may go: hosts that the grant names, over https, at public addresses. What the operator named in
 * FINGERPOST_OUTBOUND_ALLOW may be private and plain, and still needs the grant.
 */
export class Guard {
  constructor(
    private readonly allowed: readonly string[],
    private readonly resolve: Resolve = resolveBySystem,
    private readonly ports: readonly string[] = PORTS,
    private readonly isOfInternet: (address: string) => boolean = isPublic,
  ) {}

  /** @throws Fault `outbound.host_not_granted` or `outbound.address_refused` */
  judge(url: URL, grant: { name: string; hosts: readonly string[] }): void {
    if (url.username !== '' || url.password !== '')
      throw new Fault('request.invalid', 'An address must not hold a user name or a password; use a header.');
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new Fault('request.invalid', `Only https addresses can be called, not ${url.protocol.slice(0, 40)}`);
    if (!namesHost(grant.hosts, url))
      throw new Fault(
        'outbound.host_not_granted',
        `Integration "${grant.name}" may not call ${hostAndPort(url)}; its grant names ${grant.hosts.join(', ') || 'no hosts'}. Add the host to "hosts" in its metadata.`,
      );
    if (!this.isAllowed(url)) this.judgePublic(url);
  }

  /** Named by the operator: its addresses are not looked at. */
  isAllowed(url: URL): boolean {
    return this.allowed.includes(hostAndPort(url));
  }

  /**
   * For the connection itself: the addresses that were judged are the ones that are connected to. A name that answers differently a
   * moment later (DNS rebinding) finds nobody asking.
   */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.publicAddressesOf(hostname).then(
      (addresses) => {
        if (options.all) callback(null, addresses);
        else callback(null, addresses[0]!.address, addresses[0]!.family);
      },
      (error) => callback(error, []),
    );
  };

  private judgePublic(url: URL): void {
    const { hostname } = url;
    const refuse = (why: string): never => {
      throw refused(hostAndPort(url), why, hostAndPort(url));
    };
    if (url.protocol !== 'https:') refuse('it is plain http; write https://');
    if (!this.ports.includes(url.port || '443')) refuse(`the ports for calls are ${this.ports.join(' and ')}`);
    if (hostname.endsWith('.')) refuse('its name ends with a dot');
    if (/(^|\.)localhost$/.test(hostname)) refuse('it is this machine');
    const literal = literalAddress(hostname);
    if (literal !== undefined && !this.isOfInternet(literal)) refuse(NOT_PUBLIC);
  }

  private async publicAddressesOf(hostname: string): Promise<Address[]> {
    const addresses = await this.resolve(hostname);
    if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
    // One private address among public ones is no accident to work around.
    if (!addresses.every(({ address }) => this.isOfInternet(address)))
      throw refused(hostname, NOT_PUBLIC, `${hostname}:443 (or its port)`);
    return addresses;
  }
}

const NOT_PUBLIC = 'its address is not a public one';

const refused = (what: string, why: string, toWrite: string): Fault =>
  new Fault(
    'outbound.address_refused',
    `${what} may not be called: ${why}. An operator can allow it: add ${toWrite} to FINGERPOST_OUTBOUND_ALLOW.`,
  );

/** The URL parser has already turned `0x7f.1`, `017700000001` and `2130706433` into `127.0.0.1`. */
function literalAddress(hostname: string): string | undefined {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return /^[0-9.]+$/.test(hostname) ? hostname : undefined;
}
