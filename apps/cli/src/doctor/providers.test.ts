import { embeddedProvider, providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import type { Settings } from '../settings.ts';
import { checkProviders } from './providers.ts';

test('a provider with one model is told of in the singular', async () => {
  const embedded = providers.filter(({ definition }) => definition.id === embeddedProvider);
  const [check] = await checkProviders({ providers: embedded, config: {} } as unknown as Settings);
  expect(check).toMatchObject({ state: 'ok', message: expect.stringMatching(/, 1 model$/) });
});
