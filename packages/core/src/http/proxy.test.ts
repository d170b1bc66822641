import { describe, expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy.example:3128';
const hostFor = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.host;

describe('which proxy', () => {
  test('is chosen by the scheme, lower case before upper case', () => {
    const env = { http_proxy: 'http://a:1', HTTP_PROXY: 'http://b:1', HTTPS_PROXY: 'http://c:1' };
    expect(hostFor('http://example.com', env)).toBe('a:1');
    expect(hostFor('https://example.com', env)).toBe('c:1');
    expect(hostFor('https://example.com', { HTTP_PROXY: proxy })).toBeUndefined();
    expect(hostFor('http://example.com', { http_proxy: ' ', HTTP_PROXY: 'http://b:1' })).toBe('b:1');
  });

  test('may lack its scheme', () => {
    expect(proxyFor(new URL('http://example.com'), { http_proxy: 'proxy:8080' })?.url).toBe('http://proxy:8080/');
  });

  test('keeps its credentials for the connection and out of its name', () => {
    const choice = proxyFor(new URL('http://example.com'), { http_proxy: 'http://user:secret@proxy:8080' });
    expect(choice).toEqual({ url: 'http://user:secret@proxy:8080/', host: 'proxy:8080' });
  });

  test.each(['http://', 'ftp://proxy:21', 'http://user:secret@:80', 'socks5://secret:1080'])(
    '%s is refused without being shown',
    (value) => {
      expect(() => proxyFor(new URL('https://example.com'), { HTTPS_PROXY: value })).toThrow(
        expect.objectContaining({
          code: 'config',
          message: 'the environment variable HTTPS_PROXY holds no http(s) proxy URL',
        }),
      );
    },
  );
});

describe('NO_PROXY', () => {
  test.each([
    ['*', 'https://example.com', true],
    ['example.com', 'https://example.com', true],
    ['EXAMPLE.com', 'https://Example.COM', true],
    ['example.com', 'https://api.example.com', true],
    ['example.com', 'https://myexample.com', false],
    ['.example.com', 'https://api.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['*.example.com', 'https://api.example.com', true],
    ['*.example.com', 'https://example.com', false],
    ['example.com:8443', 'https://example.com:8443', true],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:443', 'https://example.com', true],
    ['example.com:80', 'http://example.com', true],
    ['a.example, b.example  c.example', 'http://c.example', true],
    ['192.0.2.1', 'http://192.0.2.1:1234', true],
    ['[2001:db8::1]:1234', 'http://[2001:db8::1]:1234', true],
    ['[2001:db8::1]:1234', 'http://[2001:db8::1]:99', false],
    ['2001:db8::1', 'http://[2001:db8::1]:99', true],
    ['example.com.', 'http://example.com', true],
    ['', 'http://192.0.2.1', false],
    ['', 'http://127.0.0.1:8080', true],
    ['', 'http://[::1]:8080', true],
    ['other.example', 'https://localhost', true],
    ['other.example', 'http://localhost.example', false],
  ])('%j exempts %s: %s', (list, url, exempt) => {
    const env = { http_proxy: proxy, https_proxy: proxy, no_proxy: list };
    expect(hostFor(url, env)).toBe(exempt ? undefined : 'proxy.example:3128');
    const { no_proxy, ...rest } = env;
    expect(hostFor(url, { ...rest, NO_PROXY: no_proxy })).toBe(exempt ? undefined : 'proxy.example:3128');
  });
});
