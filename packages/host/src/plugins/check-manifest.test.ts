import { readFile } from 'node:fs/promises';
import { contractVersion, type ProviderManifest } from '@anyimage/core';
import { expect, test } from 'vitest';
import { checkManifest } from './check-manifest.ts';

const shipped = ['bailian', 'cogview', 'google', 'openai', 'openrouter', 'seedream', 'sketch'];

async function manifestOf(provider: string): Promise<ProviderManifest> {
  const path = new URL(`../../../provider-${provider}/dist/manifest.json`, import.meta.url);
  return JSON.parse(await readFile(path, 'utf8'));
}

test.each(shipped)('the manifest that comes with anyimage is right: %s', async (provider) => {
  const manifest = await manifestOf(provider);
  expect(checkManifest(manifest, provider)).toBe(manifest);
});

const right = await manifestOf('cogview');
const { provider } = right;
const [id] = Object.keys(provider.models);
const row = provider.models[id!]!;
const withRow = (change: object) => ({
  ...right,
  provider: { ...provider, models: { it: { ...row, ...change } }, defaultModel: 'it' },
});
const withPrice = (change: object) => withRow({ prices: [{ amount: 1, currency: 'USD', per: 'image', ...change }] });
const withProvider = (change: object) => ({ ...right, provider: { ...provider, ...change } });

test('what a later version adds is no mistake', () => {
  const later = {
    ...withRow({ hues: 3, prices: [{ amount: 1, currency: 'USD', per: 'first megapixel', from: 2 }] }),
    more: 1,
  };
  expect(checkManifest(later, 'it')).toBe(later);
});

test.each([
  ['no object', 'manifest', 'it does not say its contract'],
  ['a definition alone', provider, 'it does not say its contract'],
  ['an empty list', [], 'it does not say its contract'],
  ['no provider', { ...right, provider: undefined }, 'provider must be an object'],
  ['an id with capitals', withProvider({ id: 'It' }), 'provider.id must be lower case letters'],
  ['the id auto', withProvider({ id: 'auto' }), 'provider.id must not be auto'],
  ['no regions', withProvider({ regions: {} }), 'provider.regions must name one region'],
  [
    'a region without URL',
    withProvider({ regions: { a: { baseURL: 'x' } } }),
    'provider.regions.a.baseURL must be an http(s) URL',
  ],
  [
    'a strange variable',
    withProvider({ keys: [{ env: 'it-key' }] }),
    'provider.keys.0.env must be the name of a variable',
  ],
  ['an unnamed host', { ...right, hosts: [] }, 'talks to open.bigmodel.cn, which its hosts do not name'],
  ['no models', withProvider({ models: {}, defaultModel: undefined }), 'has no models'],
  ['an unknown default', withProvider({ defaultModel: 'none' }), 'provider.defaultModel none is not in its table'],
  ['a row without operations', withRow({ operations: undefined }), 'provider.models.it.operations must be'],
  [
    'a wrong operation',
    withRow({ operations: { generate: 1 } }),
    'provider.models.it.operations.generate must be an object',
  ],
  ['a wrong size rule', withRow({ size: { default: 5 } }), 'provider.models.it.size'],
  ['a wrong day', withRow({ checked: 'today' }), 'provider.models.it.checked must be a day'],
  ['a condition that is none', withPrice({ when: null }), 'prices.0.when must be an object'],
  ['a host that is all', withProvider({ trustedHosts: ['*'] }), 'provider.trustedHosts: "*"'],
  ['a host of everybody', withProvider({ trustedHosts: ['.com'] }), 'provider.trustedHosts: ".com"'],
  ['a host that is none', withProvider({ trustedHosts: ['http://a/'] }), 'provider.trustedHosts: "http://a/"'],
  [
    'a variable that leads to a host which is not named',
    withProvider({ baseURLs: [{ env: 'IT_NAME', form: 'https://*.other.example/v1' }] }),
    'talks to .other.example, which its hosts do not name',
  ],
  [
    'a variable that leads anywhere',
    withProvider({ baseURLs: [{ env: 'IT_NAME', form: 'https://*/v1' }] }),
    'provider.baseURLs.0.form must be a base URL with *',
  ],
  [
    'a variable that leads to a host of everybody',
    withProvider({ baseURLs: [{ env: 'IT_NAME', form: 'https://*.com/v1' }] }),
    'provider.baseURLs: ".com"',
  ],
  ['a host of two lines', { ...right, hosts: ['a.example\n  hosts none'] }, 'hosts.0 must be one line'],
  ['a label with an escape', withProvider({ label: 'It\u001b[2J' }), 'provider.label must be one line'],
  ['a model of two lines', withProvider({ models: { 'a\nb': row } }), 'provider.models'],
  [
    'a region with an escape',
    withProvider({ regions: { 'a\u001b[2J': { baseURL: 'https://a.example' } } }),
    'provider.regions',
  ],
  ['the variable PATH', withProvider({ keys: [{ env: 'PATH' }] }), 'provider.keys.0.env must not be a variable'],
  ['a variable of Node', withProvider({ keys: [{ env: 'NODE_OPTIONS' }] }), 'must not be a variable of the system'],
  [
    'a variable of ours',
    withProvider({ baseURLs: [{ env: 'ANYIMAGE_HOME' }] }),
    'must not be a variable of the system',
  ],
  ['the proxy', withProvider({ keys: [{ env: 'HTTPS_PROXY' }] }), 'must not be a variable of the system'],
  [
    'an emulator with the key of another',
    { ...right, emulator: { ...right.emulator, keyEnv: 'OPENAI_API_KEY' } },
    'its emulator sets OPENAI_API_KEY, which is no variable of cogview',
  ],
  [
    'a negative price',
    withRow({ prices: [{ amount: -1, currency: 'USD', per: 'image' }] }),
    'amount must not be negative',
  ],
  ['an unknown option', withRow({ options: { a: { type: 'date' } } }), 'options.a.type must be a type of an option'],
  [
    'a way out of the package',
    { ...right, factory: { module: '../x.js', name: 'x' } },
    'factory.module must be a path in the package',
  ],
])('%s is told in one line', (_, value, problem) => {
  const error = expect.objectContaining({ code: 'config', message: expect.stringContaining(problem) });
  expect(() => checkManifest(value, 'anyimage-provider-it')).toThrow(error);
  expect(() => checkManifest(value, 'anyimage-provider-it')).toThrow(
    /^the manifest of anyimage-provider-it is not right: [^\n]+$/,
  );
});

test.each([
  [contractVersion + 1, 'Update anyimage.'],
  [contractVersion - 1, 'Update the plugin: anyimage plugins update.'],
])('another contract says which side is to be updated: %j', (contract, hint) => {
  expect(() => checkManifest({ contract, somethingElse: true }, 'it')).toThrow(
    expect.objectContaining({ code: 'config', hint, message: expect.stringContaining(`version ${contract}`) }),
  );
});
