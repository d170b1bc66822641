// The same prompt on every provider, then an edit of each result where the service can edit, and all of it on one sheet.
//
//   node examples/all-providers.ts sheet.png            with the keys and base URLs in the environment
//   node examples/all-providers.ts sheet.png --emulate  with the emulators, started here: no key, no cost
//
// Providers without a key are left out, and said so.

import { createClient, type GeneratedImage, ImageError, type ImageProvider } from '@anyimage/core';
import { bailian } from '@anyimage/provider-bailian';
import { emulator as bailianEmulator } from '@anyimage/provider-bailian/emulator';
import { cogview } from '@anyimage/provider-cogview';
import { emulator as zhipuEmulator } from '@anyimage/provider-cogview/emulator';
import { google } from '@anyimage/provider-google';
import { emulator as googleEmulator } from '@anyimage/provider-google/emulator';
import { openai } from '@anyimage/provider-openai';
import { emulator as openaiEmulator } from '@anyimage/provider-openai/emulator';
import { seedream } from '@anyimage/provider-seedream';
import { emulator as seedreamEmulator } from '@anyimage/provider-seedream/emulator';
import { sketch } from '@anyimage/provider-sketch';
import sharp from 'sharp';

const prompt = 'a red paper boat on a quiet lake at dawn';
const change = 'make the boat blue, at night';
/** Provider, and the model that edits there if it is not the default one. */
const chosen: readonly (readonly [provider: ImageProvider, editor?: string])[] = [
  [sketch(), 'sketch'],
  [cogview()],
  [google(), 'google'],
  [bailian(), 'bailian/qwen-image-edit'],
  [openai(), 'openai'],
  [seedream(), 'seedream'],
];

const services = [zhipuEmulator, googleEmulator, bailianEmulator, openaiEmulator, seedreamEmulator];

const [file = 'sheet.png', mode] = process.argv.slice(2);
const emulators = mode === '--emulate' ? await Promise.all(services.map((one) => one.start())) : [];
const env = Object.assign({}, process.env, ...emulators.map((one) => one.env)) as Record<string, string>;
const client = createClient({ providers: chosen.map(([provider]) => provider), env });

/** Makes one picture, or says why not. */
async function draw(name: string, request: Parameters<typeof client.generate>[0]): Promise<GeneratedImage | undefined> {
  try {
    const { images, cost, timings } = await client.generate(request);
    const price = cost?.map(({ amount, currency }) => `${amount} ${currency}`).join(' + ') || 'unknown price';
    console.log(`${name}: ${images[0]!.width}x${images[0]!.height}, ${timings.totalMs} ms, ${price}`);
    return images[0];
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    console.log(`${name}: ${error.message}. ${error.hint ?? ''}`);
    return undefined;
  }
}

const rows = await Promise.all(
  chosen.map(async ([provider, editor]) => {
    const made = await draw(provider.id, { model: provider.id, prompt });
    if (!made || !editor) return [made];
    const images = [await made.bytes()];
    return [
      made,
      await draw(`${provider.id}, edited`, { model: editor, prompt: change, images, negotiation: 'adapt' }),
    ];
  }),
);

const side = 320;
const gap = 12;
const tiles = await Promise.all(
  rows.flatMap((row, column) =>
    row.map(async (image, line) => ({
      input: image
        ? await sharp(await image.bytes())
            .resize(side, side, { fit: 'contain', background: '#ddd' })
            .png()
            .toBuffer()
        : await sharp({ create: { width: side, height: side, channels: 3, background: '#ddd' } })
            .png()
            .toBuffer(),
      left: gap + column * (side + gap),
      top: gap + line * (side + gap),
    })),
  ),
);
const [width, height] = [gap + rows.length * (side + gap), gap + 2 * (side + gap)];
await sharp({ create: { width, height, channels: 3, background: '#fff' } })
  .composite(tiles)
  .png()
  .toFile(file);
console.log(file);
await client.close();
await Promise.all(emulators.map((one) => one.close()));
