import { BlockList, isIPv6 } from 'node:net';
import { listOf } from './settings.ts';

/** A setting that lists addresses and CIDR ranges, comma-separated. */
export const addresses = listOf((entry) => {
  try {
    add(new BlockList(), entry);
  } catch {
    return `"${entry}" is no address and no CIDR range such as 10.0.0.0/8`;
  }
});

/** Whether an address is among those of such a list; every address is in an empty one. */
export function addressMatcher(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) add(list, entry);
  // An IPv4 caller on a socket for both families is ::ffff:10.0.0.1, and counts as 10.0.0.1.
  return (address) => entries.length === 0 || list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function add(list: BlockList, entry: string): void {
  const [address = '', bits, ...more] = entry.split('/');
  // "10.0.0.0/" would be everybody: Number('') is 0.
  if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) throw new RangeError(entry);
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}
