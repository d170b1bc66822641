import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newestPictures } from './picture-file.ts';

test('whatever lies beside a picture, it is listed with what it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-pictures-'));
  await writeFile(join(folder, 'a.png'), 'png');
  const odd = fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .record({
        anyimage: fc.jsonValue(),
        prompt: fc.jsonValue(),
        model: fc.jsonValue(),
        seed: fc.jsonValue(),
        width: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(odd, async (text) => {
      await writeFile(join(folder, 'a.png.json'), text);
      const [file] = await newestPictures(folder, 5);
      expect(file).toMatchObject({ name: 'a.png', bytes: 3 });
      const { model = '', seed = 0, width = 0, prompt = '' } = file!.facts;
      expect([typeof model, typeof seed, typeof width, typeof prompt]).toEqual([
        'string',
        'number',
        'number',
        'string',
      ]);
    }),
  );
});
