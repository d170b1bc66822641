import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressRefused, createGuard, isLoopback, type Resolve } from './address-guard.ts';

const guard = createGuard();
const isRefused = (url: string, by = guard) => {
  try {
    by.check(new URL(url));
    return false;
  } catch (error) {
    if (error instanceof AddressRefused) return true;
    throw error;
  }
};

describe('literal addresses', () => {
  test.each([
    // private and special, IPv4
    'http://127.0.0.1/',
    'http://127.255.255.254/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://198.19.255.255/',
    'http://192.0.0.192/',
    'http://192.0.2.1/',
    'http://198.51.100.7/',
    'http://203.0.113.7/',
    'http://224.0.0.1/',
    'http://239.255.255.250/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://0.0.0.0/',
    'http://0.1.2.3/',
    // every notation of IPv4
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    // IPv6
    'http://[::1]/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://[3fff::1]/',
    'http://[100::1]/',
    'http://[4000::1]/',
    // IPv4 inside IPv6: mapped, compatible, 6to4, NAT64, Teredo, ISATAP
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:808:808::]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://[64:ff9b:1::8.8.8.8]/',
    'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'http://[2a00:1450::5efe:10.0.0.1]/',
    'http://[2a00:1450::200:5efe:192.168.1.1]/',
  ])('%s is refused', (url) => {
    expect(isRefused(url)).toBe(true);
  });

  test.each([
    'https://example.com/',
    'http://8.8.8.8/',
    'https://1.1.1.1/',
    'http://172.15.255.255/',
    'http://172.32.0.1/',
    'http://100.128.0.1/',
    'http://[2606:4700:4700::1111]/',
    'http://[2a00:1450:4001:829::200e]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[64:ff9b::8.8.8.8]/',
    'http://[2a00:1450::5efe:8.8.8.8]/',
  ])('%s is not', (url) => {
    expect(isRefused(url)).toBe(false);
  });

  test('an IPv4 address and its mapped and NAT64 forms are judged alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const verdict = isRefused(`http://${address}/`);
        expect(isRefused(`http://[::ffff:${address}]/`)).toBe(verdict);
        expect(isRefused(`http://[64:ff9b::${address}]/`)).toBe(verdict);
      }),
    );
  });

  test('no IPv6 address outside 2000::/3 is public but those that carry a public IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
        fc.pre(isIP(canonical) === 6 && !/^(::ffff:|64:ff9b::)/.test(canonical));
        const first = Number.parseInt(canonical.split(':')[0] || '0', 16);
        if (first >> 13 !== 1) expect(isRefused(`http://[${address}]/`)).toBe(true);
      }),
    );
  });
});

test.each(['ftp://example.com/', 'file:///etc/passwd', 'data:,x', 'gopher://example.com/'])(
  'the scheme of %s is refused',
  (url) => {
    expect(isRefused(url)).toBe(true);
  },
);

test('credentials in a URL are refused and not repeated', () => {
  expect(() => guard.check(new URL('https://user:test-key@example.com/'))).toThrow(
    /^the URL holds a user name or password$/,
  );
});

describe('allowNetworks', () => {
  test('opens a range or an address, in all forms of it, and nothing beside it', () => {
    const by = createGuard({ allowNetworks: ['10.1.0.0/16', '192.168.7.7', 'fd12::/16'] });
    for (const url of ['http://10.1.255.1/', 'http://[::ffff:10.1.0.1]/', 'http://192.168.7.7/', 'http://[fd12::1]/']) {
      expect(isRefused(url, by), url).toBe(false);
    }
    for (const url of ['http://10.2.0.1/', 'http://192.168.7.8/', 'http://[fd13::1]/', 'http://127.0.0.1/']) {
      expect(isRefused(url, by), url).toBe(true);
    }
    expect([by.names('10.1.2.3'), by.names('[fd12::5]'), by.names('10.2.0.1'), by.names('example.com')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '', '10.0.0.0/-1'])(
    '%j is a config error',
    (network) => {
      expect(() => createGuard({ allowNetworks: [network] })).toThrow(expect.objectContaining({ code: 'config' }));
    },
  );
});

describe('names', () => {
  const lookup = (resolve: Resolve, all: boolean, allowNetworks: readonly string[] = []) =>
    new Promise<unknown>((done) =>
      createGuard({ resolve, allowNetworks }).lookup('name.example', { all }, (error, ...result) =>
        done(error ?? result),
      ),
    );
  const to =
    (...addresses: string[]): Resolve =>
    async () =>
      addresses.map((address) => ({ address, family: isIP(address) }));

  test('are given to the connection when every address is public', async () => {
    const both = [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ];
    expect(await lookup(to('8.8.8.8', '2606:4700::1'), true)).toEqual([both]);
    expect(await lookup(to('8.8.8.8', '2606:4700::1'), false)).toEqual(['8.8.8.8', 4]);
  });

  test('are refused when any address is not', async () => {
    const error = await lookup(to('8.8.8.8', '10.0.0.5'), true);
    expect(error).toBeInstanceOf(AddressRefused);
    expect((error as AddressRefused).reason).toBe('leads to 10.0.0.5, a private address');
    expect(await lookup(to('fe80::1%eth0'), true)).toBeInstanceOf(AddressRefused);
    expect(await lookup(to('::ffff:127.0.0.1'), true)).toBeInstanceOf(AddressRefused);
  });

  test('may lead into networks that are allowed', async () => {
    expect(await lookup(to('198.18.0.7'), false, ['198.18.0.0/15'])).toEqual(['198.18.0.7', 4]);
  });

  test('without an address, and failures of the resolver, are errors', async () => {
    expect(await lookup(to(), true)).toMatchObject({ code: 'ENOTFOUND' });
    const failing: Resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }));
    expect(await lookup(failing, true)).toMatchObject({ code: 'EAI_AGAIN' });
  });

  test('of the local network are refused where a proxy resolves them', () => {
    for (const host of ['localhost', 'intranet', 'printer.local', 'db.internal', 'x.localhost.', 'nas.home.arpa']) {
      expect(() => guard.checkForProxy(new URL(`http://${host}/`)), host).toThrow(AddressRefused);
    }
    expect(() => guard.checkForProxy(new URL('https://example.com/'))).not.toThrow();
    expect(() => guard.checkForProxy(new URL('https://127.0.0.1/'))).toThrow(AddressRefused);
  });
});

test.each([
  ['http://localhost:8080/v1', true],
  ['http://box.localhost./', true],
  ['http://127.1/', true],
  ['http://[::1]:9/', true],
  ['http://[::ffff:127.0.0.1]/', true],
  ['http://192.168.0.2/', false],
  ['http://localhost.example/', false],
  ['http://127.0.0.1.example/', false],
  ['no address', false],
])('%s leads to this machine: %j', (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});
