import { expect, test } from 'vitest';
import { checkMachine } from './machine.ts';

const proxy = (env: Record<string, string>) => checkMachine(env).find(({ name }) => name === 'proxy');

test('the proxy is named by host, never with its password', () => {
  expect(proxy({ HTTPS_PROXY: 'http://me:secret@proxy.example:8080', NO_PROXY: 'localhost' })).toEqual({
    name: 'proxy',
    state: 'ok',
    message: 'proxy.example:8080 (HTTPS_PROXY), not for localhost',
  });
  expect(proxy({ https_proxy: 'proxy.example:8080' })).toMatchObject({ state: 'ok' });
  expect(proxy({})).toMatchObject({ state: 'ok', message: 'none' });
});

test('a proxy that is none is an error, without its value', () => {
  const check = proxy({ HTTP_PROXY: 'socks5://me:secret@proxy.example' });
  expect(check).toMatchObject({ state: 'error', message: 'HTTP_PROXY holds no http(s) proxy URL' });
  expect(JSON.stringify(check)).not.toContain('secret');
});
