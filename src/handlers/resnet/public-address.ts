import ipaddr from 'ipaddr.js';

/** RFC 4291: all global unicast addresses of IPv6 in use are in 2000::/3. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for addresses of the public internet: not private, loopback, link-local (169.254.169.254 is one), unique-local,
 * multicast, reserved, carrier-grade NAT or unspecified, nor an IPv6 form that stands for such an IPv4 address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
