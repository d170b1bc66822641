// Which addresses may be reached by a URL that somebody else wrote: the public internet, and what the config adds.

import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { ImageError } from '../contract/errors.ts';
import type { Guard } from '../contract/transport.ts';

/** Resolves a host name to every address it has; injectable for tests. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** A URL or address that the guard refuses. Internal: whoever asked words it for the person who gave the URL. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  /** Completes the sentence "the URL …": `leads to 10.0.0.1, a private address`. */
  readonly reason: string;

  constructor(reason: string) {
    super(`the URL ${reason}`);
    this.reason = reason;
  }
}

export interface GuardOptions {
  /** Addresses or CIDR ranges that are allowed although not public. */
  readonly allowNetworks?: readonly string[];
  readonly resolve?: Resolve;
}

/** Makes a guard. Throws `config` for an entry of `allowNetworks` that is neither an address nor a CIDR range. */
export function createGuard({ allowNetworks = [], resolve = resolveAll }: GuardOptions = {}): Guard {
  const allowed = toBlockList(allowNetworks);
  const refusal = (address: string) => {
    const plain = unwrap(address);
    return contains(allowed, plain) || contains(allowed, address) ? undefined : kindOf(plain);
  };
  const check = (url: URL) => {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw new AddressRefused(`has the scheme ${url.protocol}, only http: and https: are allowed`);
    }
    if (url.username || url.password) throw new AddressRefused('holds a user name or password');
    const host = bare(url.hostname);
    const kind = isIP(host) ? refusal(host) : undefined;
    if (kind) throw new AddressRefused(`leads to ${host}, a ${kind} address`);
  };
  return {
    check,
    checkForProxy(url) {
      check(url);
      const host = bare(url.hostname).replace(/\.$/, '');
      if (!isIP(host) && isLocal(host)) {
        throw new AddressRefused(`leads to ${host}, a name of the local network`);
      }
    },
    names: (host) => isIP(bare(host)) !== 0 && contains(allowed, unwrap(bare(host))),
    lookup(host, options, callback) {
      resolve(host).then(
        (addresses) => {
          const bad = addresses.find(({ address }) => refusal(address));
          const first = addresses[0];
          if (bad) callback(new AddressRefused(`leads to ${bad.address}, a ${refusal(bad.address)} address`), '');
          else if (!first) callback(Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' }), '');
          else if (options.all) callback(null, [...addresses]);
          else callback(null, first.address, first.family);
        },
        (error) => callback(error, ''),
      );
    },
  };
}

/** Whether a host, with or without a port, is this machine or one of its own network, by its name or address alone. */
export function isLocal(host: string): boolean {
  const name = nameOf(URL.parse(`http://${host}`)?.hostname ?? host);
  if (isIP(name)) return ['loopback', 'private', 'link-local', 'unspecified'].includes(kindOf(unwrap(name)) ?? '');
  return !name.includes('.') || localName.test(name);
}

/** Whether a URL leads to this machine itself. */
export function isLoopback(url: string): boolean {
  const name = nameOf(URL.parse(url)?.hostname ?? '');
  return isIP(name) ? kindOf(unwrap(name)) === 'loopback' : /(^|\.)localhost$/.test(name);
}

function nameOf(hostname: string): string {
  return bare(hostname).replace(/\.$/, '');
}

const resolveAll: Resolve = (host) => systemLookup(host, { all: true });

/** Names with special use (RFC 6761, RFC 6762, RFC 8375) or reserved by ICANN for private networks. */
const localName = /\.(localhost|local|internal|lan|home|corp|intranet|home\.arpa)$/;

/** IANA special-purpose registries, with the clouds' metadata services named first. What is in none of them is public. */
const kinds: readonly Kind[] = [
  kind('cloud metadata', ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254']),
  kind('loopback', ['127.0.0.0/8', '::1']),
  kind('unspecified', ['0.0.0.0/8', '::']),
  kind('private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10']),
  kind('link-local', ['169.254.0.0/16', 'fe80::/10']),
  kind('shared (carrier)', ['100.64.0.0/10']),
  kind('benchmarking', ['198.18.0.0/15']),
  kind('multicast', ['224.0.0.0/4', 'ff00::/8']),
  kind('documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']),
  kind('tunnel', ['192.88.99.0/24', '2001::/32', '2002::/16']),
  kind('reserved', ['192.0.0.0/24', '240.0.0.0/4', '2001::/23']),
];
const global = kind('public', ['2000::/3']);

function kindOf(address: string): string | undefined {
  const known = kinds.find(({ list }) => contains(list(), address))?.name;
  if (known || isIP(address) === 4) return known;
  if (!contains(global.list(), address)) return 'reserved';
  // ISATAP (RFC 5214): an interface id of 0:5efe or 200:5efe before an IPv4 address.
  const groups = groupsOf(address);
  const isatap = groups[5] === 0x5efe && (groups[4] === 0 || groups[4] === 0x200);
  return isatap && kindOf(lastIPv4(groups)) ? 'tunnel' : undefined;
}

/** IPv4-mapped and NAT64 (64:ff9b::/96) addresses are judged by the IPv4 address they carry; zone ids are dropped. */
function unwrap(address: string): string {
  if (isIP(address) !== 6) return address;
  const plain = address.replace(/%.*$/, '');
  const groups = groupsOf(plain);
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':');
  return prefix === '0:0:0:0:0:ffff' || prefix === '64:ff9b:0:0:0:0' ? lastIPv4(groups) : plain;
}

function groupsOf(address: string): number[] {
  const canonical = bare(new URL(`http://[${address}]/`).hostname);
  const [head = '', tail] = canonical.split('::').map((part) => (part ? part.split(':') : []));
  const filler = Array<string>(8 - head.length - (tail?.length ?? 0)).fill('0');
  return [...head, ...filler, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

function lastIPv4(groups: readonly number[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

interface Kind {
  readonly name: string;
  readonly list: () => BlockList;
}

/** The list is made when the first address is looked at, which most runs never do. */
function kind(name: string, networks: readonly string[]): Kind {
  let list: BlockList | undefined;
  return {
    name,
    list() {
      list ??= toBlockList(networks);
      return list;
    },
  };
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix, rest] = network.split('/');
    const family = isIP(address);
    const longest = family === 4 ? 32 : 128;
    const bits = prefix === undefined ? longest : Number(prefix);
    if (!family || rest !== undefined || !/^\d*$/.test(prefix ?? '') || prefix === '' || bits > longest) {
      throw new ImageError('config', `allowNetworks: ${JSON.stringify(network)} is no network`, {
        details: { option: 'allowNetworks', asked: network },
        hint: 'Give an address or a CIDR range, such as 192.168.1.20 or 198.18.0.0/15.',
      });
    }
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
