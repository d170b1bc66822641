// Several pictures as one, side by side, each with a label below it.

import { makeView } from './preview.ts';

/** A picture of a sheet, or what is told in place of one. */
export interface SheetTile {
  /** The path of its file; absent for a picture that was not made. */
  readonly path?: string;
  /** What stands below it: a title, and what there is to say. */
  readonly label: readonly [title: string, about: string];
}

export interface SheetOptions {
  /** Of each picture, the longest side in px; default 512. */
  readonly side?: number;
  /** How many stand beside each other; default all up to four, else about as many as below each other. */
  readonly columns?: number;
  readonly signal?: AbortSignal;
}

export interface ContactSheet {
  /** A png. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Whether this machine has a font to write the labels with. */
  readonly isLabelled: boolean;
}

const gap = 16;
const titleSize = 22;
const aboutSize = 17;
const labelHeight = 64;

/** Makes a sheet. Rejects as `makePreview` for a picture that cannot be read. */
export async function makeContactSheet(
  tiles: readonly SheetTile[],
  { side = 512, columns = usualColumns(tiles.length), signal }: SheetOptions = {},
): Promise<ContactSheet> {
  const { default: sharp } = await import('sharp');
  const wide = Math.min(columns, tiles.length);
  const width = gap + wide * (side + gap);
  const height = gap + Math.ceil(tiles.length / wide) * (side + labelHeight + gap);
  const drawn = await Promise.all(
    tiles.map(async (tile, index) => {
      const left = gap + (index % wide) * (side + gap);
      const top = gap + Math.floor(index / wide) * (side + labelHeight + gap);
      const label = { input: Buffer.from(labelSVG(tile, side)), left, top: top + side };
      const picture = tile.path === undefined ? emptyBox(side) : await smallCopy(tile.path, side, signal);
      const room = { left: left + (side - picture.width) / 2, top: top + (side - picture.height) };
      return [{ input: picture.input, left: Math.floor(room.left), top: Math.floor(room.top) }, label];
    }),
  );
  const sheet = sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(drawn.flat())
    .removeAlpha();
  return {
    bytes: await sheet.png({ palette: tiles.length > 4 }).toBuffer(),
    width,
    height,
    isLabelled: await hasFont(),
  };
}

function usualColumns(count: number): number {
  return count <= 4 ? count : Math.ceil(Math.sqrt(count));
}

async function smallCopy(path: string, side: number, signal: AbortSignal | undefined) {
  const form = { format: 'png', width: side, height: side } as const;
  const { bytes, width, height } = await makeView(path, form, { ...(signal && { signal }) });
  return { input: Buffer.from(bytes), width, height };
}

function emptyBox(side: number) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect x="1" y="1" width="${side - 2}" height="${side - 2}" rx="8" fill="#f4f4f4" stroke="#c8c8c8" stroke-dasharray="8 8" stroke-width="2"/></svg>`;
  return { input: Buffer.from(svg), width: side, height: side };
}

/** Letters are made smaller until the line fits, and what is still too long is cut. */
function labelSVG({ label: [title, about] }: SheetTile, side: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${labelHeight}">
    ${lineSVG(title, { side, y: 28, size: titleSize, style: 'font-weight="bold" fill="#202020"' })}
    ${lineSVG(about, { side, y: 52, size: aboutSize, style: 'fill="#606060"' })}
  </svg>`;
}

interface Line {
  readonly side: number;
  readonly y: number;
  readonly size: number;
  readonly style: string;
}

/** A letter is about so much wide, of its size; those of China and its neighbours are as wide as high. */
const usualWidth = 0.58;
const smallest = 11;

function lineSVG(text: string, { side, y, size, style }: Line): string {
  const fitting = (letters: number) => Math.min(size, side / (letters * usualWidth));
  const most = Math.floor(side / (smallest * usualWidth));
  const shown = lettersOf(text) > most ? `${text.slice(0, most - 1)}…` : text;
  const fontSize = Math.max(smallest, fitting(lettersOf(shown))).toFixed(1);
  return `<text x="${side / 2}" y="${y}" text-anchor="middle" font-family="sans-serif" font-size="${fontSize}" ${style}>${escapeXML(shown)}</text>`;
}

function lettersOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 1.75 : 1), 0);
}

function escapeXML(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

let font: Promise<boolean> | undefined;

/** Without one, letters leave no mark. */
function hasFont(): Promise<boolean> {
  font ??= (async () => {
    const { default: sharp } = await import('sharp');
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-family="sans-serif" font-size="30">M</text></svg>';
    const { channels } = await sharp(Buffer.from(svg)).stats();
    return channels.at(-1)!.max > 0;
  })();
  return font;
}
