import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standingOf, trustedHostProblem } from './trusted-hosts.ts';

const base = new URL('https://api.bfl.ai/v1');
const hosts = ['.bfl.ai', 'files.example.com'];
const sees = (url: string, from = base, trusted: readonly string[] = hosts) =>
  standingOf(new URL(url), from, trusted).unsigned === undefined;

describe('the key goes to', () => {
  test.each([
    'https://api.bfl.ai/v1/get_result?id=1',
    'https://API.BFL.AI:443/',
    'https://api.eu.bfl.ai/v1/get_result',
    'https://API.US.BFL.AI/',
    'https://deep.er.bfl.ai/',
    'https://xn--bcher-kva.bfl.ai/',
    'https://bücher.bfl.ai/',
    'https://files.example.com/a',
    'https://ﬁles.example.com/a', // a ligature, which is the same name in a URL
  ])('%s', (url) => expect(sees(url)).toBe(true));

  test.each([
    ['the bare domain', 'https://bfl.ai/'],
    ['a look-alike behind', 'https://bfl.ai.evil.com/'],
    ['a look-alike before', 'https://evilbfl.ai/'],
    ['a look-alike in the middle', 'https://api.bfl.ai.evil.com/'],
    ['a look-alike with a dash', 'https://api-bfl.ai/'],
    ['another letter that looks the same', 'https://api.bfӏ.ai/'],
    ['the same in punycode', 'https://api.xn--bf-uzh.ai/'],
    ['an empty label', 'https://.bfl.ai/'],
    ['an empty label within', 'https://a..bfl.ai/'],
    ['a dot at the end', 'https://api.eu.bfl.ai./'],
    ['a user name that looks like the host', 'https://api.eu.bfl.ai@evil.com/'],
    ['a user name', 'https://me@api.eu.bfl.ai/'],
    ['a password', 'https://:secret@api.eu.bfl.ai/'],
    ['http', 'http://api.eu.bfl.ai/'],
    ['another port', 'https://api.eu.bfl.ai:8443/'],
    ['another port of the base URL', 'https://api.bfl.ai.:8443/'],
    ['http at its usual port', 'http://api.eu.bfl.ai:443/'],
    ['a subdomain of a whole name', 'https://a.files.example.com/'],
    ['an address', 'https://203.0.113.7/'],
    ['a path that looks like the host', 'https://evil.com/api.eu.bfl.ai'],
    ['a fragment that looks like the host', 'https://evil.com#.bfl.ai'],
    ['a backslash before the host', 'https://evil.com\\.bfl.ai'],
    ['loopback', 'http://127.0.0.1:8080/'],
  ])('and not to %s: %s', (_, url) => expect(sees(url)).toBe(false));

  test('no other port of loopback, unless the base URL is there and the service has other hosts', () => {
    const here = new URL('http://127.0.0.1:4000/v1');
    expect(sees('http://127.0.0.1:4001/x', here)).toBe(true);
    expect(standingOf(new URL('http://127.0.0.1:4001/x'), here, hosts)).toEqual({ isOwn: true });
    expect(sees('http://localhost:4001/x', new URL('http://localhost:4000'))).toBe(true);
    expect(sees('http://127.0.0.1:4001/x', here, [])).toBe(false);
    expect(sees('http://127.0.0.2:4001/x', here)).toBe(false);
    expect(sees('http://localhost:4001/x', here)).toBe(false);
    const inTheNetwork = new URL('http://192.168.1.20:4000');
    expect(sees('http://192.168.1.20:4001/x', inTheNetwork)).toBe(false);
    expect(sees('https://192.168.1.20:4000/x', inTheNetwork)).toBe(false);
  });

  test('says why it does not go somewhere', () => {
    const why = (url: string) => standingOf(new URL(url), base, hosts).unsigned;
    expect(why('https://evilbfl.ai')).toBe('it is neither the origin of the base URL nor in trustedHosts');
    expect(why('http://api.eu.bfl.ai')).toBe('hosts of trustedHosts get it over https alone');
    expect(why('https://api.eu.bfl.ai:8443')).toBe('hosts of trustedHosts get it at port 443 alone');
  });
});

test('whatever the URL, the key goes to the very origin of the base URL or, over https, to a name that ends in a whole trusted domain', () => {
  const label = fc.constantFrom('bfl', 'ai', 'api', 'evil', 'com', 'xn--bf-uzh', 'BFL', 'bfӏ', '127.0.0.1', 'a-b', '');
  const host = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
  const parts = fc.record({
    scheme: fc.constantFrom('https', 'http', 'HTTPS', 'ftp'),
    user: fc.oneof(
      { weight: 4, arbitrary: fc.constant('') },
      host.map((name) => `${name}@`),
    ),
    host: fc.oneof(
      host,
      host.map((name) => `${name}.`),
      host.map((name) => `${name}bfl.ai`),
      host.map((name) => `${name}.bfl.ai`),
    ),
    port: fc.constantFrom('', '', '', ':443', ':80', ':8443'),
    rest: fc.constantFrom('', '/', '/x@api.bfl.ai', '?.bfl.ai', '#.bfl.ai', '\\.bfl.ai'),
  });
  fc.assert(
    fc.property(parts, ({ scheme, user, host: name, port, rest }) => {
      const url = URL.parse(`${scheme}://${user}${name}${port}${rest}`);
      if (!url || !sees(url.href)) return;
      if (url.origin === base.origin) return;
      expect(url.protocol).toBe('https:');
      expect([url.port, url.username, url.password]).toEqual(['', '', '']);
      // Written once more in another way: label by label, from the end.
      const labels = url.hostname.split('.').toReversed();
      expect(labels.slice(0, 2)).toEqual(['ai', 'bfl']);
      expect(labels.length).toBeGreaterThan(2);
      expect(labels).not.toContain('');
    }),
  );
});

describe('an entry of trustedHosts', () => {
  test.each([
    '.bfl.ai',
    '.eu.bfl.ai',
    'api.bfl.ai',
    'bfl.ai',
    '.service.co.uk',
    '.xn--bcher-kva.example',
    'my-app.vercel.app',
    'a.b.c.d.example',
  ])('%s is one', (entry) => expect(trustedHostProblem(entry)).toBeUndefined());

  test.each([
    ['*', 'write the hosts of the service by their names'],
    ['*.bfl.ai', 'write ".bfl.ai" for all its subdomains'],
    ['api-*.bfl.ai', 'write the hosts of the service by their names'],
    ['*.ai', 'write the hosts of the service by their names'],
    ['.ai', 'stands for hosts of anybody'],
    ['.com', 'stands for hosts of anybody'],
    ['.co.uk', 'stands for hosts of anybody'],
    ['.com.cn', 'stands for hosts of anybody'],
    ['.vercel.app', 'stands for hosts of anybody'],
    ['.', 'is no name of a host'],
    ['', 'is no name of a host'],
    ['..bfl.ai', 'is no name of a host'],
    ['localhost', 'is no name of a host'],
    ['127.0.0.1', 'is an address: write the name of the host'],
    ['0x7f.1', 'is an address'],
    ['[::1]', 'is an address'],
    ['127.0.0.1:8080', 'is an address'],
    ['api.bfl.ai:8443', 'keys go to port 443 alone: write "api.bfl.ai"'],
    ['API.bfl.ai', 'write "api.bfl.ai"'],
    ['.BFL.ai', 'write ".bfl.ai"'],
    ['bücher.example', 'write "xn--bcher-kva.example"'],
    ['.bücher.example', 'write ".xn--bcher-kva.example"'],
    ['api.bfl.ai.', 'write "api.bfl.ai"'],
    ['https://api.bfl.ai/v1', 'write "api.bfl.ai"'],
    ['api.bfl.ai/v1', 'write "api.bfl.ai"'],
    ['me@api.bfl.ai', 'write "api.bfl.ai"'],
    [' api.bfl.ai', 'write "api.bfl.ai"'],
    ['api_1.bfl.ai', 'is no name of a host'],
  ])('%j is none, and what to write is said: %s', (entry, says) => {
    expect(trustedHostProblem(entry)).toContain(says);
    expect(trustedHostProblem(entry)).toContain(JSON.stringify(entry));
  });

  test('that is none counts for nothing', () => {
    for (const entry of ['*', '.ai', '*.bfl.ai', '', '.'])
      expect(sees('https://api.eu.bfl.ai/', base, [entry])).toBe(false);
  });

  test('whatever it is, what is said to be written instead is one', () => {
    const parts = fc.constantFrom(
      '*',
      '.',
      'bfl',
      'ai',
      'BFL',
      'ü',
      ':',
      '8443',
      '/',
      '@',
      '://',
      'https',
      'co',
      'uk',
      ' ',
      '1',
      '-',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (words) => {
        const instead = /write ("[^"]*")/.exec(trustedHostProblem(words.join('')) ?? '')?.[1];
        if (instead) expect(trustedHostProblem(JSON.parse(instead))).toBeUndefined();
      }),
    );
  });
});
