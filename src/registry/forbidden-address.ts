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
  if (family === 4) return forbidden.check(address, 'ipv4');
  return forbidden.check(address, 'ipv6') || embeddedIpv4(toWords(address)).some((one) => forbidden.check(one, 'ipv4'));
}

/** The eight words of an IPv6 address, which is a valid one. */
function toWords(address: string): readonly number[] {
  const { hostname } = new URL(`http://[${address}]/`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const [before, after] = [read(head), read(tail ?? '')];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Where an IPv4 address stands in an IPv6 one that some router or system turns into it. */
interface Embedding {
  readonly prefix: readonly number[];
  readonly at: readonly [word: number, word: number];
  /** It stands there with every bit turned. */
  readonly isInverted?: true;
}

const embeddings: readonly Embedding[] = [
  /** Mapped, compatible and translated. */
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: [6, 7] },
  { prefix: [0, 0, 0, 0, 0, 0], at: [6, 7] },
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: [6, 7] },
  /** NAT64, by its well-known prefix and by the local one, behind which it mostly stands last. */
  { prefix: [0x64, 0xff9b], at: [6, 7] },
  /** 6to4. */
  { prefix: [0x2002], at: [1, 2] },
  /** Teredo: the server, and the client. */
  { prefix: [0x2001, 0], at: [2, 3] },
  { prefix: [0x2001, 0], at: [6, 7], isInverted: true },
];

/** Every IPv4 address that an IPv6 one may stand for. `::` and `::1` stand for themselves. */
function embeddedIpv4(words: readonly number[]): readonly string[] {
  if (words.slice(0, 7).every((word) => word === 0)) return [];
  const found = embeddings.filter(({ prefix }) => prefix.every((word, at) => words[at] === word));
  const plain = found.map(({ at: [high, low], isInverted }) =>
    toDotted(words[high] ?? 0, words[low] ?? 0, isInverted ? 0xffff : 0),
  );
  // ISATAP has it last, behind any prefix.
  const isIsatap = ((words[4] ?? 0) & ~0x0200) === 0 && words[5] === 0x5efe;
  // NAT64 with a prefix of 48 bits has it about the middle byte.
  const isLocalNat64 = words[0] === 0x64 && words[1] === 0xff9b && words[2] === 1;
  return [
    ...plain,
    ...(isIsatap ? [toDotted(words[6] ?? 0, words[7] ?? 0, 0)] : []),
    ...(isLocalNat64 ? [toDotted(words[3] ?? 0, (((words[4] ?? 0) & 0xff) << 8) | ((words[5] ?? 0) >> 8), 0)] : []),
  ];
}

function toDotted(high: number, low: number, mask: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255]
    .map((byte, at) => byte ^ (at % 2 === 0 ? mask >> 8 : mask & 255))
    .join('.');
}
