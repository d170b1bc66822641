import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agreedModels, agreeToModels } from './agreed-models.ts';

test('what was agreed to is kept with its price, and several programs lose nothing', async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  expect(await agreedModels(home)).toEqual({});
  await Promise.all([agreeToModels(home, { 'a/b': '1 USD' }), agreeToModels(home, { 'c/d': 'price unknown' })]);
  await agreeToModels(home, { 'a/b': '2 USD' });
  expect(await agreedModels(home)).toEqual({ 'a/b': '2 USD', 'c/d': 'price unknown' });
});

test('a list that is damaged agrees to nothing, and a home that cannot be written is told', async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  await writeFile(join(home, 'agreed.json'), '{"models": [');
  expect(await agreedModels(home)).toEqual({});
  await expect(agreeToModels(join(home, 'agreed.json'), { 'a/b': '1 USD' })).rejects.toMatchObject({ code: 'storage' });
});
