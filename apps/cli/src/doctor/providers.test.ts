import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedProvider, loadSettings, providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import type { Settings } from '../session/settings.ts';
import { checkProviders } from './providers.ts';

test('a provider with one model is told of in the singular', async () => {
  const embedded = providers.filter(({ definition }) => definition.id === embeddedProvider);
  const [check] = await checkProviders({ providers: embedded, config: {}, shownEnv: {} } as unknown as Settings);
  expect(check).toMatchObject({ state: 'ok', message: expect.stringMatching(/, 1 model$/) });
});

test('a base URL that is none is an error, as it is for a request', async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  const env = { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ZHIPU_BASE_URL: 'nonsense' };
  const checks = await checkProviders(await loadSettings({ env, folder: home }));
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([
    {
      name: 'provider',
      state: 'error',
      message: 'cogview: ZHIPU_BASE_URL is no base URL for Zhipu CogView: "nonsense"',
      hint: expect.stringContaining('https://'),
    },
  ]);
});
