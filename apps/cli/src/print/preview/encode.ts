// Pixels as what a terminal draws them from.

import { type Raster, rasterPNG } from '@anyimage/host';
import type { Room } from './layout.ts';
import type { Protocol } from './protocol.ts';

/** Pixels of a letter where the terminal does not say how many it has. Kitty and iTerm2 scale what they get. */
const usualCell = { blocks: [1, 2], sixel: [8, 16], kitty: [12, 24], iterm: [12, 24] } as const;

/** How many pixels a letter is wide and high. */
export function cellOf({ name, cell }: Protocol): { readonly width: number; readonly height: number } {
  const [width, height] = usualCell[name];
  return (name === 'sixel' ? cell : undefined) ?? { width, height };
}

/**
 * What draws a picture where the cursor is, whole lines: after it, the cursor stands at the start of the line below. `room`: the letters
 * that it takes. `id`: what Kitty shows takes the place of what it showed under that, and goes with {@link removal}; then no line is made
 * for it, there must be room.
 */
export async function encode(raster: Raster, { name, colours }: Protocol, room: Room, id?: number): Promise<string> {
  switch (name) {
    case 'blocks':
      return `${blocks(raster, colours).join('\n')}\n`;
    case 'kitty':
      return `${kitty(await rasterPNG(raster), room, id)}${'\n'.repeat(id === undefined ? 1 : room.rows)}`;
    case 'iterm':
      return `${iterm(await rasterPNG(raster), room)}\n`;
    case 'sixel':
      return `${await sixel(raster)}\n`;
  }
}

/** A chunk of Kitty's is at most so many letters. */
const kittyChunk = 4096;

/** https://sw.kovidgoyal.net/kitty/graphics-protocol: shown at once (a=T), as png (f=100), without an answer (q=2). */
function kitty(png: Uint8Array, { columns }: Room, id: number | undefined): string {
  const named = id === undefined ? '' : `i=${id},p=1,C=1,`;
  const text = Buffer.from(png).toString('base64');
  const chunks = text.match(new RegExp(`.{1,${kittyChunk}}`, 'g')) ?? [];
  return chunks
    .map((chunk, index) => {
      const more = index < chunks.length - 1 ? 1 : 0;
      const control = index === 0 ? `a=T,f=100,q=2,${named}c=${columns},m=${more}` : `m=${more}`;
      return `\u001b_G${control};${chunk}\u001b\\`;
    })
    .join('');
}

/** What takes pictures with ids away again; clearing their lines does not, on Kitty. */
export function removal({ name }: Protocol, ids: readonly number[]): string {
  return name === 'kitty' ? ids.map((id) => `\u001b_Ga=d,d=I,q=2,i=${id}\u001b\\`).join('') : '';
}

/** https://iterm2.com/documentation-images.html */
function iterm(png: Uint8Array, { columns, rows }: Room): string {
  const about = `inline=1;size=${png.length};width=${columns};height=${rows};preserveAspectRatio=1`;
  return `\u001b]1337;File=${about}:${Buffer.from(png).toString('base64')}\u0007`;
}

const sixelColours = 256;

/** Pixels that are not opaque keep the background of the terminal. */
async function sixel({ data, width, height }: Raster): Promise<string> {
  const { image2sixel } = await import('sixel/lib/SixelEncoder.js');
  return image2sixel(data, width, height, sixelColours, 1);
}

type Colour = readonly [red: number, green: number, blue: number];

/** Lines of half blocks: each letter shows two pixels, the upper one as its colour and the lower one as its background. */
export function blocks({ data, width, height }: Raster, colours: Protocol['colours']): readonly string[] {
  const code = colours === 256 ? code256 : code24;
  const pixel = (x: number, y: number): string | undefined => {
    const at = (y * width + x) * 4;
    const isSeen = y < height && data[at + 3]! >= 128;
    return isSeen ? code([data[at]!, data[at + 1]!, data[at + 2]!]) : undefined;
  };
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) => {
    let line = '';
    let before = '';
    for (let x = 0; x < width; x++) {
      const [style, sign] = letter(pixel(x, row * 2), pixel(x, row * 2 + 1));
      line += (style === before ? '' : style) + sign;
      before = style;
    }
    return `${line}\u001b[0m`;
  });
}

/** The colours of a letter, and the letter; what is transparent keeps the background of the terminal. */
function letter(upper: string | undefined, lower: string | undefined): readonly [style: string, sign: string] {
  if (upper !== undefined && lower !== undefined) return [`\u001b[38;${upper};48;${lower}m`, '▀'];
  if (upper !== undefined) return [`\u001b[49;38;${upper}m`, '▀'];
  if (lower !== undefined) return [`\u001b[49;38;${lower}m`, '▄'];
  return ['\u001b[49m', ' '];
}

function code24([red, green, blue]: Colour): string {
  return `2;${red};${green};${blue}`;
}

/** The steps of each colour in the cube of 6x6x6 that begins at 16. Greys have 24 steps of their own from 232 on. */
const steps: readonly number[] = [0, 95, 135, 175, 215, 255];

/** The nearest of the 240 colours that are the same on all terminals. */
function code256(colour: Colour): string {
  const cube = colour.map(nearestStep);
  const inCube = cube.map((step) => steps[step]!) as unknown as Colour;
  const grey = Math.min(23, Math.max(0, Math.round((colour.reduce((sum, part) => sum + part, 0) / 3 - 8) / 10)));
  const shade = 8 + grey * 10;
  const isGrey = distance(colour, [shade, shade, shade]) < distance(colour, inCube);
  return `5;${isGrey ? 232 + grey : 16 + cube[0]! * 36 + cube[1]! * 6 + cube[2]!}`;
}

function nearestStep(part: number): number {
  return steps.reduce((best, step, at) => (Math.abs(step - part) < Math.abs(steps[best]! - part) ? at : best), 0);
}

function distance(a: Colour, b: Colour): number {
  return a.reduce((sum, part, index) => sum + (part - b[index]!) ** 2, 0);
}
