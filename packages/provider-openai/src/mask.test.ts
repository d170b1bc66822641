import { createClient } from '@anyimage/core';
import { drawTestCard, encodePng, testCodec } from '@anyimage/testkit';
import { expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { openai } from './provider.ts';

const [width, height] = [512, 384];
const boat = drawTestCard({ prompt: 'a boat', width, height });
const palette = [
  [0, 0, 0],
  [255, 255, 255],
] as const;
/** White in the left half. */
const mask = encodePng({ width, height, palette, row: () => Uint8Array.from({ length: width }, (_, x) => +(x < 256)) });

const codec = testCodec();

const current = Object.entries(models).filter(([, row]) => 'inpaint' in row.operations && !('retires' in row));

test.each(current.map(([id]) => id))('%s repaints where the mask is transparent', async (id) => {
  const service = await emulator.start();
  const client = createClient({ providers: [openai()], env: service.env, codec });
  try {
    const { images } = await client.generate({
      model: `openai/${id}`,
      prompt: 'a cat in the boat',
      images: [boat, boat],
      mask,
      size: '1536x864',
      quality: 'high',
      outputFormat: 'jpeg',
    });
    expect(service.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/images/edits',
      body: {
        model: id,
        prompt: 'a cat in the boat',
        size: '1536x864',
        quality: 'high',
        output_format: 'jpeg',
        'image[]': [
          { type: 'image/png', name: 'image-1.png', size: boat.length },
          { type: 'image/png', name: 'image-2.png', size: boat.length },
        ],
        mask: { type: 'image/png', name: 'mask.png', size: expect.any(Number) },
      },
    });
    expect(codec.masks.at(-1)).toEqual({ repaint: 'transparent', hard: false });
    expect(images).toMatchObject([{ mediaType: 'image/jpeg', width: 1536, height: 864 }]);
  } finally {
    await client.close();
    await service.close();
  }
});

test('a mask of another size than the first picture is refused before anything is sent', async () => {
  const client = createClient({ providers: [openai({ apiKey: 'test-key' })], env: {}, codec });
  const other = drawTestCard({ prompt: 'x', width: 256, height: 256 });
  await expect(client.generate({ model: 'openai', prompt: 'a cat', images: [other], mask })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { option: 'mask' },
  });
});
