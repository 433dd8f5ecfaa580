/** Addresses that nothing from outside may send us to: the link-local network and the metadata services of clouds. */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
forbidden.addAddress('::', 'ipv6');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addAddress('168.63.129.16', 'ipv4');
forbidden.addSubnet('0.0.0.0', 8, 'ipv4');

const forbiddenNames = new Set(['metadata.google.internal', 'metadata.goog', 'metadata']);

/** Whether a URL's host is such an address by itself, whatever way it is written. */
export function isForbiddenHost(url: URL): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return forbiddenNames.has(host) || isForbiddenAddress(host);
}

/** A DNS look-up that fails when a name leads to such an address, so that a harmless name cannot hide one. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, []);
    if (found.some(({ address }) => isForbiddenAddress(address))) {
      return callback(Object.assign(new Error(`${hostname} leads to a forbidden address`), { code: 'EFORBIDDEN' }), []);
    }
    if (options.all) return callback(null, found);
    const [first] = found;
    return first
      ? callback(null, first.address, first.family)
      : callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), []);
  });
};

function isForbiddenAddress(written: string): boolean {
  const [address = ''] = written.split('%');
  const family = isIP(address);
  if (family === 0) return false;
  const embedded = embeddedIpv4.exec(address);
  if (embedded) return isForbiddenAddress(embedded[1] ?? fromHexWords(embedded[2] ?? '', embedded[3] ?? ''));
  return forbidden.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** An IPv4 address in IPv6's clothes: mapped, or behind the well-known prefix of NAT64. */
const embeddedIpv4 = /^(?:::ffff:|64:ff9b::)(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i;

function fromHexWords(high: string, low: string): string {
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
