// Draws the pictures of docs/images with the embedded provider: the README's first picture, and a contact sheet of twelve.
// Run on built packages: node scripts/contact-sheet.mjs

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { generateImage } from '../packages/core/dist/index.js';
import { sketch } from '../packages/provider-sketch/dist/index.js';

const sharp = createRequire(new URL('../packages/provider-sketch/package.json', import.meta.url))('sharp');
const folder = new URL('../docs/images/', import.meta.url);
mkdirSync(folder, { recursive: true });

const sheet = [
  { prompt: 'a red sailboat at sunset, mountains behind the sea', seed: 3 },
  { prompt: 'a lighthouse in a storm', seed: 3 },
  { prompt: 'hot-air balloons over the mountains at dawn', seed: 3, style: 'watercolor' },
  { prompt: 'a black cat in a field under the full moon', seed: 3 },
  { prompt: 'a city at night', seed: 3, style: 'neon' },
  { prompt: 'a camel in the desert at sunset', seed: 3, style: 'poster' },
  { prompt: 'a cabin in a snowy forest', seed: 3 },
  { prompt: 'a rocket in space, a ringed planet', seed: 3 },
  { prompt: 'northern lights over a tent', seed: 3 },
  { prompt: 'a fox in the autumn forest', seed: 3, style: 'pixel' },
  { prompt: 'a castle on a hill', seed: 3, style: 'line' },
  { prompt: '小河边的樱花树', seed: 3 },
];
const [columns, side, gap] = [4, 384, 12];
const provider = sketch();

async function draw(words) {
  const { images } = await generateImage({ provider, ...words });
  return images[0].bytes();
}

writeFileSync(
  new URL('sailboat.png', folder),
  await draw({ prompt: 'a red sailboat at sunset, mountains behind the sea', size: '1344x768', seed: 3 }),
);

const tiles = [];
for (const [index, words] of sheet.entries()) {
  const input = await sharp(await draw({ ...words, size: '768x768' }))
    .resize(side)
    .toBuffer();
  const [column, row] = [index % columns, Math.floor(index / columns)];
  tiles.push({ input, left: gap + column * (side + gap), top: gap + row * (side + gap) });
}
const rows = Math.ceil(sheet.length / columns);
const [width, height] = [gap + columns * (side + gap), gap + rows * (side + gap)];
await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
  .composite(tiles)
  .png({ palette: true, quality: 95 })
  .toFile(new URL('contact-sheet.png', folder).pathname);

const list = sheet.map(({ prompt, style, seed }, index) => {
  return `${index + 1}. "${prompt}"${style ? `, style \`${style}\`` : ''}, seed ${seed}`;
});
writeFileSync(
  new URL('README.md', folder),
  `# Pictures drawn by the embedded provider\n\nMade by \`node scripts/contact-sheet.mjs\`. The same prompts and seeds give the same pictures.\n\n![Twelve pictures](contact-sheet.png)\n\nFrom left to right, from above:\n\n${list.join('\n')}\n`,
);
console.log(`${sheet.length} pictures in docs/images/contact-sheet.png, and docs/images/sailboat.png`);
