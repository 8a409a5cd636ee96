import ipaddr from 'ipaddr.js';

/** Where an address is, as STREAM_ADDRESSES names it; `never`: no camera is there, whatever is set. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'never';

/** Services of clouds for their machines, which lie outside of the link-local networks. */
const cloudServices = ['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'].map(
  (address) => ipaddr.parse(address).toNormalizedString(),
);

const kinds: Readonly<Record<string, AddressKind>> = {
  unicast: 'public',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  reserved: 'private',
  loopback: 'loopback',
};

/**
 * The kind of an IPv4 or IPv6 address. Link-local (169.254.0.0/16, fe80::/10: metadata of clouds), multicast,
 * unspecified and broadcast are `never`. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) counts as itself.
 */
export function kindOfAddress(text: string): AddressKind {
  if (!ipaddr.isValid(text)) return 'never';
  const address = inner(ipaddr.parse(text));
  if (cloudServices.includes(address.toNormalizedString())) return 'never';
  return kinds[address.range()] ?? 'never';
}

/** Whether an address lies in a network, given as `address` or `address/bits`. */
export function isInNetwork(text: string, network: string): boolean {
  const [base, bits] = parseNetwork(network);
  return isIn(inner(ipaddr.parse(text)), base, bits);
}

/** @throws Error when it is neither an address nor a network */
export function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isIn(
  address: ipaddr.IPv4 | ipaddr.IPv6,
  network: ipaddr.IPv4 | ipaddr.IPv6,
  bits: number,
): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function inner(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === 'ipv4Mapped' || range === 'rfc6052') return ipaddr.fromByteArray(bytes.slice(12));
  if (range === '6to4') return ipaddr.fromByteArray(bytes.slice(2, 6));
  return address;
}
