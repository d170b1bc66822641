import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { loadSettings } from '@anyimage/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unsetKey } from './unset-key.ts';

const home = await mkdtemp(`${tmpdir()}/anyimage-home-`);
const settings = await loadSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' }, folder: home });

test.each([
  ['output', home],
  ['providers.cogview.region', 'china'],
  ['providers.cogview.baseURL', expect.stringMatching(/^https:/)],
  ['providers.cogview', null],
  ['proxy', null],
  ['budget', null],
  ['budget.perDay', null],
  ['budget.rates.USD.rate', null],
  ['aliases.mine', null],
  ['styles.ink', null],
])('what holds without %s is told', (key, value) => {
  expect(unsetKey(key, settings)).toMatchObject({ key, value });
});

test.each([
  'outptu',
  'output.x',
  'budget.perYear',
  'budget.rates.XXX',
  'providers.nope.region',
  '$schema',
  '__proto__',
  '',
])('%j is no key of a config', (key) => {
  expect(unsetKey(key, settings)).toBeUndefined();
});

test('any text is a key or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => void unsetKey(text, settings)),
    { numRuns: 20 },
  );
  for (const name of ['constructor', 'toString']) expect(unsetKey(name, settings)).toBeUndefined();
});
