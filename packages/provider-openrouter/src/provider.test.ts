import { createClient, tableOf } from '@anyimage/core';
import { conformance } from '@anyimage/testkit/conformance';
import { expect, test } from 'vitest';
import { withCatalogue } from '../test/with-catalogue.ts';
import { emulator } from './emulator.ts';
import { openrouter } from './index.ts';

conformance({ provider: await withCatalogue(emulator), emulator });

test('a model that the catalogue alone knows is priced, drawn, and refused with the nearest value', async () => {
  const service = await emulator.start();
  const asking = createClient({ providers: [openrouter()], env: service.env });
  const list = await asking.discover('openrouter');
  await asking.close();
  expect(list.warnings).toEqual([]);
  const client = createClient({ providers: [openrouter({ models: tableOf(list) })], env: service.env });
  const request = { model: 'openrouter/maker/by-resolution', prompt: 'a red kite' } as const;
  const { estimate, warnings } = await client.plan({ ...request, resolution: '1K', n: 2 });
  expect([estimate, warnings]).toEqual([{ amount: 0.06, currency: 'USD', estimated: true }, []]);
  const { images } = await client.generate({ ...request, resolution: '512' });
  expect(images).toMatchObject([{ width: 512, height: 512 }]);
  await expect(client.plan({ ...request, resolution: '4K' })).rejects.toMatchObject({
    code: 'unsupported',
    details: { option: 'resolution', nearest: ['2K', '1K', '512'] },
  });
  await client.close();
  await service.close();
});

test('a model whose record was not read is drawn, with a warning for what is not known of it', async () => {
  const service = await emulator.start();
  const client = createClient({ providers: [openrouter()], env: service.env });
  const request = { model: 'openrouter/maker/by-quality', prompt: 'a red kite', quality: 'low' } as const;
  const { estimate } = await client.plan(request);
  const { images, cost, warnings } = await client.generate(request);
  expect([estimate, images.length, cost]).toEqual([null, 1, [{ amount: 0.01, currency: 'USD', estimated: false }]]);
  expect(warnings.map(({ code }) => code)).toContain('unlisted');
  await client.close();
  await service.close();
});
