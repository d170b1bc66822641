import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../contract/errors.ts';
import type { ProviderDefinition } from '../contract/provider.ts';
import { isConfigured, resolveAccess } from './access.ts';
import { explainAddress, explainAuth } from './explain.ts';
import { missingKey } from './missing-key.ts';
import { Secret } from './secret.ts';

const service: ProviderDefinition = {
  id: 'service',
  label: 'A Service',
  models: {},
  regions: { home: { baseURL: 'https://home.example/v1' }, abroad: { baseURL: 'https://abroad.example/v1' } },
  keys: [
    { env: 'SERVICE_KEY', page: 'https://home.example/keys' },
    { env: 'HOME_KEY', region: 'home' },
    { env: 'ABROAD_KEY', region: 'abroad' },
  ],
  baseURLs: [{ env: 'SERVICE_URL' }, { env: 'HOME_URL', region: 'home' }, { env: 'ABROAD_URL', region: 'abroad' }],
};

function access(given: Parameters<typeof resolveAccess>[1], env: Record<string, string>) {
  const { key, ...rest } = resolveAccess(service, given, env);
  return { ...rest, key: key?.known()[0] };
}

describe('resolveAccess', () => {
  test('takes the first key that is set, and the default region', () => {
    expect(access({}, { SERVICE_KEY: 'test-key', ABROAD_KEY: 'test-key-2' })).toEqual({
      region: 'home',
      baseURL: 'https://home.example/v1',
      host: 'home.example',
      key: 'test-key',
      keySource: 'SERVICE_KEY',
    });
  });

  test('a variable that still holds a placeholder is told as one, and nothing goes to the usual place', () => {
    const hosted = { ...service, baseURLs: [{ env: 'SERVICE_NAME', form: 'https://*.service.example/v1' }] };
    for (const text of [`${'$'}{URL}`, '%URL%', '$env:URL', 'undefined']) {
      const message = /holds a placeholder that was not filled in/;
      expect(() => access({}, { SERVICE_URL: text })).toThrow(message);
      expect(() => resolveAccess(hosted, {}, { SERVICE_NAME: text })).toThrow(message);
    }
  });

  test('makes a base URL of the part of it that a variable holds, which cannot lead to another host', () => {
    const hosted = { ...service, baseURLs: [{ env: 'SERVICE_NAME', form: 'https://*.service.example/v1' }] };
    const at = (name: string) => resolveAccess(hosted, {}, { SERVICE_NAME: name });
    expect(at(' mine ')).toMatchObject({ baseURL: 'https://mine.service.example/v1', baseURLSource: 'SERVICE_NAME' });
    expect(resolveAccess(hosted, {}, { SERVICE_NAME: ' ' }).host).toBe('home.example');
    const letters = fc.constantFrom(...'a1-./:@?#%[]$&* ü\\／。');
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1 }), (name) => {
        if (name.trim() === '') return;
        try {
          expect(at(name).host).toMatch(/\.service\.example$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'config', message: expect.stringContaining('SERVICE_NAME') });
        }
      }),
    );
  });

  test('hears of every change, of the environment and of what is given', () => {
    const given: { apiKey?: string; region?: string; baseURL?: string } = {};
    const env: Record<string, string> = { SERVICE_KEY: 'test-key' };
    const now = () => access(given, env);
    expect(now()).toMatchObject({ key: 'test-key', host: 'home.example' });
    env.SERVICE_KEY = 'test-key-2';
    expect(now()).toMatchObject({ key: 'test-key-2' });
    given.apiKey = 'test-key-3';
    expect(now()).toMatchObject({ key: 'test-key-3' });
    given.apiKey = 'test-key-4';
    expect(now()).toMatchObject({ key: 'test-key-4' });
    given.region = 'abroad';
    expect(now()).toMatchObject({ host: 'abroad.example' });
    given.baseURL = 'https://mine.example/v1';
    expect(now()).toMatchObject({ host: 'mine.example' });
  });

  test.each([
    ['https://mine.example/v1/images/generations', 'https://mine.example/v1'],
    ['https://mine.example/v1/images/edits/', 'https://mine.example/v1'],
    ['https://mine.example/v1/chat/completions?api-version=1', 'https://mine.example/v1?api-version=1'],
    ['https://mine.example/openai/v1?api-version=1', 'https://mine.example/openai/v1?api-version=1'],
    ['https://mine.example/images', 'https://mine.example/images'],
  ])('of %s, all but the endpoint is the base URL', (baseURL, kept) => {
    expect(access({ baseURL, apiKey: 'test-key' }, {}).baseURL).toBe(kept);
  });

  const regional: ProviderDefinition = {
    ...service,
    regions: {
      home: { baseURL: 'https://home.example/v1', hosts: String.raw`[a-z0-9-]+\.home\.example` },
      abroad: { baseURL: 'https://abroad.example/v1', hosts: String.raw`[a-z0-9-]+\.(?:abroad|far)\.example` },
    },
  };

  test.each([
    ['https://team-1.abroad.example', 'abroad'],
    ['https://team-1.far.example:8443/v1/', 'abroad'],
    ['https://TEAM-1.ABROAD.example/v1', 'abroad'],
    ['https://team-1.home.example', 'home'],
    ['https://abroad.example/v2', 'abroad'],
    ['https://abroad.example:8443/v2', 'abroad'],
    ['https://abroad.example./v1', 'abroad'],
    ['https://team-1.abroad.example.', 'abroad'],
    ['https://notabroad.example', 'home'],
    ['https://a.b.abroad.example', 'home'],
    ['https://team-1.abroad.example.evil.example', 'home'],
    ['https://evil.example/team-1.abroad.example', 'home'],
    ['https://gateway.example', 'home'],
  ])('of %s the region is %s, however the URL is given', (baseURL, region) => {
    const find = (given: Parameters<typeof resolveAccess>[1], env: Record<string, string>) =>
      resolveAccess(regional, given, { SERVICE_KEY: 'test-key', ...env });
    expect(find({ baseURL }, {}).region).toBe(region);
    expect(find({}, { SERVICE_URL: baseURL }).region).toBe(region);
    expect(find({ baseURL, region: 'home' }, {}).region).toBe('home');
  });

  test('a host of a region gets the key of that region', () => {
    const { keySource } = resolveAccess(
      regional,
      { baseURL: 'https://team-1.abroad.example' },
      { HOME_KEY: 'a', ABROAD_KEY: 'b' },
    );
    expect(keySource).toBe('ABROAD_KEY');
  });

  test('a key never goes to a host of another region than its own, whoever names the host', () => {
    const env = { SERVICE_URL: 'https://team-1.abroad.example', HOME_KEY: 'a' };
    expect(resolveAccess(regional, {}, env)).toMatchObject({ region: 'abroad', host: 'team-1.abroad.example' });
    expect(resolveAccess(regional, {}, env).key).toBeUndefined();
    expect(resolveAccess(regional, {}, { ...env, ABROAD_KEY: 'b' }).keySource).toBe('ABROAD_KEY');
    expect(resolveAccess(regional, {}, { ...env, SERVICE_KEY: 'c' }).keySource).toBe('SERVICE_KEY');
    expect(resolveAccess(regional, { apiKey: 'd' }, env).keySource).toBe('apiKey');
  });

  test('where a host tells its region, the key of another one does not do', () => {
    const given = { baseURL: 'https://team-1.abroad.example' };
    expect(isConfigured(regional, given, { HOME_KEY: 'a' })).toBe(false);
    expect(isConfigured(regional, given, { ABROAD_KEY: 'a' })).toBe(true);
    expect(isConfigured(regional, { baseURL: 'https://gateway.example' }, { HOME_KEY: 'a' })).toBe(true);
  });

  test('ports count where a service is on this machine', () => {
    const local = {
      ...service,
      regions: { home: { baseURL: 'http://127.0.0.1:1/v1' }, abroad: { baseURL: 'http://127.0.0.1:2/v1' } },
    };
    expect(resolveAccess(local, { baseURL: 'http://127.0.0.1:2' }, {}).region).toBe('abroad');
  });

  test('takes the region of the only key', () => {
    expect(access({}, { ABROAD_KEY: 'test-key' })).toMatchObject({
      region: 'abroad',
      host: 'abroad.example',
      keySource: 'ABROAD_KEY',
    });
  });

  test('prefers the key of an explicit region, and never uses the key of another', () => {
    expect(access({ region: 'abroad' }, { SERVICE_KEY: 'a', ABROAD_KEY: 'b' }).key).toBe('b');
    expect(access({ region: 'abroad' }, { HOME_KEY: 'a' }).key).toBeUndefined();
    expect(access({ region: 'abroad' }, { SERVICE_KEY: 'a' }).key).toBe('a');
  });

  test('lets an explicit key and base URL win over the environment', () => {
    const given = { apiKey: 'own', baseURL: 'http://127.0.0.1:8080/v1/' };
    expect(access(given, { SERVICE_KEY: 'a', SERVICE_URL: 'https://elsewhere.example' })).toEqual({
      region: 'home',
      baseURL: 'http://127.0.0.1:8080/v1',
      host: '127.0.0.1:8080',
      baseURLSource: 'baseURL',
      key: 'own',
      keySource: 'apiKey',
    });
  });

  test('uses a base-URL variable of a region only while that region is in use', () => {
    expect(access({}, { SERVICE_KEY: 'a', ABROAD_URL: 'https://other.example' }).host).toBe('home.example');
    expect(access({}, { ABROAD_KEY: 'a', ABROAD_URL: 'https://other.example' }).host).toBe('other.example');
    expect(access({}, { ABROAD_KEY: 'a', SERVICE_URL: 'https://other.example' }).host).toBe('other.example');
  });

  test("knows a region by its base URL, and takes that region's key", () => {
    const env = { HOME_KEY: 'a', ABROAD_KEY: 'b' };
    expect(access({ baseURL: 'https://abroad.example/v1' }, env)).toMatchObject({ region: 'abroad', key: 'b' });
  });

  test('ignores empty variables and white space around values', () => {
    expect(access({}, { SERVICE_KEY: '  ', HOME_KEY: ' a\n' }).key).toBe('a');
  });

  test.each(['ftp://x.example', 'nonsense', 'https://user:pass@x.example/'])('refuses %s as a base URL', (baseURL) => {
    expect(() => access({ baseURL }, {})).toThrow(expect.objectContaining({ code: 'config' }));
    expect(() => access({ baseURL }, {})).not.toThrow(/pass/);
  });

  test('refuses an unknown region and names those there are', () => {
    expect(() => access({ region: 'moon' }, {})).toThrow(
      expect.objectContaining({ code: 'config', hint: 'Use one of: home, abroad.' }),
    );
  });
});

test('a provider without key variables needs none', () => {
  expect(isConfigured({ ...service, keys: [] }, {}, {})).toBe(true);
  expect(isConfigured(service, {}, {})).toBe(false);
  expect(isConfigured(service, {}, { HOME_KEY: 'a' })).toBe(true);
  expect(isConfigured(service, { region: 'abroad' }, { HOME_KEY: 'a' })).toBe(false);
});

/** What is told of its missing key, beside a provider that needs none and one that does. */
const untold = (definition: ProviderDefinition, region?: string) => {
  const access = { ...(region !== undefined && { region }) };
  const entries = [{ definition: { ...service, id: 'sketch', keys: [] } }, { definition }];
  return missingKey({ definition, access }, resolveAccess(definition, access, {}), entries)!;
};

test('a key that is at hand, or that nobody asks for, is not missing', () => {
  const access = { apiKey: 'test-key' };
  expect(missingKey({ definition: service, access }, resolveAccess(service, access, {}))).toBeUndefined();
  const keyless = { ...service, keys: [] };
  expect(missingKey({ definition: keyless, access: {} }, resolveAccess(keyless, {}, {}))).toBeUndefined();
});

test('a missing key is told with variables, page and what works without', () => {
  const error = untold(service, 'home');
  expect(error.message).toBe('no key for A Service: SERVICE_KEY, HOME_KEY not set');
  expect(error.hint).toBe('Set SERVICE_KEY (get one at https://home.example/keys), or use sketch, which needs none.');
});

test('a missing key is told for every region, unless one was chosen', () => {
  const error = untold(service);
  expect(error.message).toBe('no key for A Service: SERVICE_KEY, HOME_KEY, ABROAD_KEY (region abroad) not set');
  expect(error.hint).toBe(
    'Set SERVICE_KEY (get one at https://home.example/keys), or for region abroad ABROAD_KEY, or use sketch, which needs none.',
  );
  expect(error.details).toMatchObject({ variables: ['SERVICE_KEY', 'HOME_KEY', 'ABROAD_KEY'] });
});

test('the page of another region is told with its key', () => {
  const keys = [{ env: 'HOME_KEY' }, { env: 'ABROAD_KEY', region: 'abroad', page: 'https://abroad.example/keys' }];
  expect(untold({ ...service, keys }).hint).toBe(
    'Set HOME_KEY, or for region abroad ABROAD_KEY (get one at https://abroad.example/keys), or use sketch, which needs none.',
  );
});

describe('an address where nothing was found', () => {
  const bare = new ImageError('not-found', 'HTTP 404', { status: 404, hint: 'Look again.' });
  const hint = (error: ImageError, given: Parameters<typeof resolveAccess>[1], env: Record<string, string> = {}) =>
    explainAddress(error, resolveAccess(service, given, env)).hint;

  test('is told with the variable or the setting that it comes from', () => {
    const baseURL = 'https://proxy.example/v2?token=secret';
    const told = 'Look again. It was asked below https://proxy.example/v2, which comes from';
    expect(hint(bare, {}, { SERVICE_URL: baseURL })).toBe(`${told} SERVICE_URL.`);
    expect(hint(bare, { baseURL })).toBe(`${told} the setting baseURL.`);
  });

  test("may be the service's own, with something else in its place", () => {
    for (const given of [{}, { baseURL: 'https://home.example/v1/' }]) {
      expect(hint(bare, given)).toBe(
        "Look again. It was asked below https://home.example/v1, the service's own address: something on the way, such as a proxy, may have answered in its place.",
      );
    }
  });

  test('may be told with a code, if the provider says that it is the address', () => {
    const coded = bare.with({ status: 400, serviceCode: '1222', details: { option: 'baseURL' } });
    expect(hint(coded, {})).toContain('https://home.example/v1');
  });

  test('is not the trouble where the service names another, or nobody was asked', () => {
    const others = [
      bare.with({ serviceCode: 'ModelNotFound' }),
      bare.with({ status: 400 }),
      new ImageError('not-found', 'no such ticket', { hint: 'Look again.' }),
      new ImageError('auth', 'no', { status: 404, hint: 'Look again.' }),
    ];
    for (const error of others) expect(hint(error, {})).toBe('Look again.');
  });
});

test('a refused key is told with the host and region it was tried on, and the other region', () => {
  const tried = resolveAccess(service, {}, { SERVICE_KEY: 'test-key' });
  const hint = explainAuth(new ImageError('auth', 'no', { status: 401 }), service, tried).hint;
  expect(hint).toContain('The key from SERVICE_KEY was tried on home.example (region home)');
  expect(hint).toContain('region abroad (abroad.example) takes its key from ABROAD_KEY');
});

test('a secret shows itself nowhere', () => {
  const secret = new Secret('test-key');
  const shown = `${secret} ${JSON.stringify({ secret })} ${inspect({ deep: { secret } })} ${inspect(secret, { showHidden: true })} ${secret.print()}`;
  expect(shown).not.toContain('test-key');
  expect(secret.print()).toMatch(/^[0-9a-f]{12}$/);
  expect(new Secret('test-key').print()).toBe(secret.print());
  expect(new Secret('test-key2').print()).not.toBe(secret.print());
});
