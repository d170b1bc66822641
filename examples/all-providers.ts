// The same prompt on every provider, then an edit of each result where the service can edit, and all of it on one sheet.
//
//   node examples/all-providers.ts sheet.png            with the keys and base URLs in the environment
//   node examples/all-providers.ts sheet.png --emulate  with the emulators, started here: no key, no cost
//
// Each picture has its provider and model below it; where there is none, its place says why, such as a missing key (auth).

import { createClient, type GeneratedImage, ImageError, type ImageProvider } from '@anyimage/core';
import { bailian } from '@anyimage/provider-bailian';
import { emulator as bailianEmulator } from '@anyimage/provider-bailian/emulator';
import { cogview } from '@anyimage/provider-cogview';
import { emulator as zhipuEmulator } from '@anyimage/provider-cogview/emulator';
import { google } from '@anyimage/provider-google';
import { emulator as googleEmulator } from '@anyimage/provider-google/emulator';
import { openai } from '@anyimage/provider-openai';
import { emulator as openaiEmulator } from '@anyimage/provider-openai/emulator';
import { openrouter } from '@anyimage/provider-openrouter';
import { emulator as openrouterEmulator } from '@anyimage/provider-openrouter/emulator';
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
  [bailian(), 'bailian/qwen-image-2.0'],
  [openai(), 'openai'],
  [openrouter(), 'openrouter'],
  [seedream(), 'seedream'],
];

const services = [zhipuEmulator, googleEmulator, bailianEmulator, openaiEmulator, openrouterEmulator, seedreamEmulator];

const [file = 'sheet.png', mode] = process.argv.slice(2);
const emulators = mode === '--emulate' ? await Promise.all(services.map((one) => one.start())) : [];
const env = Object.assign({}, process.env, ...emulators.map((one) => one.env)) as Record<string, string>;
const client = createClient({ providers: chosen.map(([provider]) => provider), env });

/** A place on the sheet: a picture, or why there is none. */
type Place = { readonly label: string } & ({ readonly image: GeneratedImage } | { readonly missing: string });

/** Makes one picture, or says why not. */
async function draw(name: string, request: Parameters<typeof client.generate>[0]): Promise<Place> {
  try {
    const { images, cost, timings } = await client.generate(request);
    const [image] = images;
    const price = cost?.map(({ amount, currency }) => `${amount} ${currency}`).join(' + ') || 'unknown price';
    console.log(`${name}: ${image.width}x${image.height}, ${timings.totalMs} ms, ${price}`);
    return { label: image.model, image };
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    console.log(`${name}: ${error.message}. ${error.hint ?? ''}`);
    return { label: name, missing: `not made: ${error.code}` };
  }
}

const columns = await Promise.all(
  chosen.map(async ([provider, editor]) => {
    const made = await draw(provider.id, { model: provider.id, prompt });
    const name = `${provider.id}, edited`;
    if (!editor) return [made, { label: provider.id, missing: 'does not edit' }];
    if (!('image' in made)) return [made, { label: name, missing: 'nothing to edit' }];
    const images = [await made.image.bytes()];
    return [made, await draw(name, { model: editor, prompt: change, images, negotiation: 'adapt' })];
  }),
);

const side = 320;
const caption = 28;
const gap = 12;

/** Words in the middle of a strip as wide as a place; an SVG. */
function words(text: string, height: number): Buffer {
  const size = Math.min(16, (1.6 * side) / text.length);
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${height}">
    <text x="50%" y="50%" dy="0.35em" text-anchor="middle" font-family="sans-serif" font-size="${size}">${text}</text>
  </svg>`);
}

/** The picture, or the words in its place, and the label below. */
async function tile(place: Place): Promise<Buffer> {
  const background = '#ddd';
  const picture =
    'image' in place
      ? await sharp(await place.image.bytes())
          .resize(side, side, { fit: 'contain', background })
          .png()
          .toBuffer()
      : await sharp(words(place.missing, side)).flatten({ background }).png().toBuffer();
  return sharp(picture)
    .extend({ bottom: caption, background: '#fff' })
    .composite([{ input: words(place.label, caption), gravity: 'south' }])
    .png()
    .toBuffer();
}

const tiles = await Promise.all(
  columns.flatMap((places, column) =>
    places.map(async (place, line) => ({
      input: await tile(place),
      left: gap + column * (side + gap),
      top: gap + line * (side + caption + gap),
    })),
  ),
);
const [width, height] = [gap + columns.length * (side + gap), gap + 2 * (side + caption + gap)];
await sharp({ create: { width, height, channels: 3, background: '#fff' } })
  .composite(tiles)
  .png()
  .toFile(file);
console.log(file);
await client.close();
await Promise.all(emulators.map((one) => one.close()));
