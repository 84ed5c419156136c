import ipaddr from 'ipaddr.js';

// The cloud's own services at addresses that look public.
const CLOUD_SERVICES = ['168.63.129.16'];
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const LOCAL_NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');

/**
 * Is this IP address one of the internet, where everybody can go? Not this machine, not its network, nothing reserved. An address that
 * wraps an IPv4 address is what it wraps.
 */
export function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false; // zones (`fe80::1%eth0`) among them
  const address = ipaddr.parse(text);
  return address.kind() === 'ipv4' ? isPublicIpv4(address as ipaddr.IPv4) : isPublicIpv6(address as ipaddr.IPv6);
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !CLOUD_SERVICES.includes(address.toString());
}

function isPublicIpv6(address: ipaddr.IPv6): boolean {
  if (address.zoneId !== undefined && address.zoneId !== null) return false;
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'unicast':
      return address.match(GLOBAL_UNICAST) && !isIsatap(bytes);
    case 'ipv4Mapped':
    case 'rfc6145':
      return isPublicIpv4(new ipaddr.IPv4(bytes.slice(12)));
    case 'rfc6052':
      return !address.match(LOCAL_NAT64) && isPublicIpv4(new ipaddr.IPv4(bytes.slice(12)));
    case '6to4':
      return isPublicIpv4(new ipaddr.IPv4(bytes.slice(2, 6)));
    default:
      return false;
  }
}

// ISATAP hides an IPv4 address behind `:0:5efe:`; nothing public lives there.
const isIsatap = (bytes: number[]) =>
  (bytes[8]! & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
