import { link, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PictureRecord } from '@anyimage/host';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { embedInCopy } from './embed-in-copy.ts';

test('the copy never takes the place of the picture, by whatever name and with --force', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-embed-'));
  const at = (name: string) => join(folder, name);
  const picture = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#a03020' } })
    .png()
    .toBuffer();
  await writeFile(at('boat.png'), picture);
  await symlink(at('boat.png'), at('soft.png'));
  await link(at('boat.png'), at('hard.png'));
  await symlink(folder, at('here'));
  const prompt = { original: 'a boat', sent: 'a boat' };
  const record: PictureRecord = { path: at('boat.png'), sidecar: { anyimage: 1, prompt, model: 'paint/brush-1' } };
  const embed = (output: string) => embedInCopy(record, { output, force: true }, { home: at('home'), providers: [] });
  for (const name of ['boat.png', 'boat', 'soft.png', 'hard.png', 'here/boat.png']) {
    await expect(embed(at(name)), name).rejects.toThrow(/is the picture itself/);
  }
  expect((await readFile(at('boat.png'))).equals(picture)).toBe(true);
  expect(await embed(at('copy'))).toBe(at('copy.png'));
});
