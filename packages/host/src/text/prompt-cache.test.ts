import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filePromptCache } from './prompt-cache.ts';

test('what was written is read again by another process, and a folder that cannot be used is no failure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-cache-'));
  const key = 'a'.repeat(64);
  expect(await filePromptCache(join(folder, 'prompts')).get(key)).toBeUndefined();
  await filePromptCache(join(folder, 'prompts')).set(key, 'ein Boot — 船');
  expect(await filePromptCache(join(folder, 'prompts')).get(key)).toBe('ein Boot — 船');
  await writeFile(join(folder, 'file'), '');
  const broken = filePromptCache(join(folder, 'file', 'prompts'));
  await broken.set(key, 'x');
  expect(await broken.get(key)).toBeUndefined();
  await rm(folder, { recursive: true });
});
