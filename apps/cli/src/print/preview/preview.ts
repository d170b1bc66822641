// Pictures on a terminal, as large as there is room, several as a sheet.

import { makeRaster, type Raster } from '@anyimage/host';
import { cut, pad } from '../terminal/wrap.ts';
import { cellOf, encode } from './encode.ts';
import { gapColumns, gridFor, type Room } from './layout.ts';
import type { Protocol } from './protocol.ts';

/** A picture to be shown. */
export interface Tile {
  /** The path of its file, or its bytes. */
  readonly picture: string | Uint8Array;
  /** What stands below it, cut to its width. */
  readonly label?: string;
}

export interface PreviewOptions {
  readonly protocol: Protocol;
  readonly room: Room;
  readonly signal?: AbortSignal;
}

/** Lines of the window that are left for what else is told. */
const linesLeft = 6;
/** A picture that is higher would be in the way of what is told. Graphics are sharp at that height; letters need more. */
const mostRows = { kitty: 24, iterm: 24, sixel: 24, blocks: 40 } as const;

/** The room that pictures may take of a window. */
export function roomOf(stream: Pick<NodeJS.WriteStream, 'columns' | 'rows'>, { name }: Protocol): Room {
  const rows = Math.min(mostRows[name], (stream.rows || 24) - linesLeft);
  return { columns: stream.columns || 80, rows: Math.max(4, rows) };
}

/**
 * What draws the pictures on a terminal, in whole lines; pictures that there is no room for are counted below. Pictures that cannot be
 * read are left out; empty if none is left.
 */
export async function previewText(tiles: readonly Tile[], { protocol, room, signal }: PreviewOptions): Promise<string> {
  const hasLabels = tiles.some(({ label }) => label !== undefined);
  const { across, down, tile } = gridFor(tiles.length, room, hasLabels);
  const cell = cellOf(protocol);
  const box = { width: tile.columns * cell.width, height: tile.rows * cell.height };
  const options = signal ? { signal } : {};
  const asked = tiles.slice(0, across * down).map(async ({ picture, label = '' }) => {
    const raster = await makeRaster(picture, box, options).catch(() => undefined);
    return raster && { raster, label };
  });
  const shown = (await Promise.all(asked)).filter((one) => one !== undefined);
  let text = '';
  for (let from = 0; from < shown.length; from += across) {
    const row = shown.slice(from, from + across);
    // A single picture, and the only row, needs no more room than it takes.
    const wide = shown.length === 1 ? Math.ceil(row[0]!.raster.width / cell.width) : tile.columns;
    const joined = sideBySide(
      row.map(({ raster }) => raster),
      wide * cell.width,
      gapColumns * cell.width,
    );
    const size = { columns: Math.ceil(joined.width / cell.width), rows: Math.ceil(joined.height / cell.height) };
    text += await encode(joined, protocol, size);
    if (hasLabels) text += `${row.map(({ label }) => pad(cut(label, wide), wide + gapColumns)).join('').trimEnd()}\n`;
  }
  const left = tiles.length - across * down;
  return left > 0 && text ? `${text}and ${left} more\n` : text;
}

/** Pictures beside each other, each in the middle of its part. What is beside them is transparent. */
function sideBySide(rasters: readonly Raster[], part: number, gap: number): Raster {
  const width = rasters.length * part + (rasters.length - 1) * gap;
  const height = Math.max(...rasters.map((raster) => raster.height));
  if (rasters.length === 1 && rasters[0]!.width === width) return rasters[0]!;
  const data = new Uint8Array(width * height * 4);
  for (const [index, raster] of rasters.entries()) {
    const left = index * (part + gap) + Math.floor((part - raster.width) / 2);
    const top = Math.floor((height - raster.height) / 2);
    for (let y = 0; y < raster.height; y++) {
      const line = raster.data.subarray(y * raster.width * 4, (y + 1) * raster.width * 4);
      data.set(line, ((top + y) * width + left) * 4);
    }
  }
  return { data, width, height };
}
