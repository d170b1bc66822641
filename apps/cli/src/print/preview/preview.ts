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
  /** How many there will be; default all that are here. A picture has its place in the sheet then, whichever others are still missing. */
  readonly of?: number;
  /** The first of the ids by which they can be taken away again, where a terminal has such. */
  readonly firstId?: number;
}

/** What draws pictures, and the room that it takes. */
export interface Sheet extends Room {
  readonly text: string;
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
export async function previewSheet(tiles: readonly Tile[], options: PreviewOptions): Promise<Sheet> {
  const { protocol, room, signal, of = tiles.length, firstId } = options;
  const grid = gridFor(of, room);
  const places = grid.across * grid.down;
  const cell = cellOf(protocol);
  const box = { width: grid.tile.columns * cell.width, height: grid.tile.rows * cell.height };
  const asked = tiles.slice(0, places).map(async ({ picture, label }): Promise<Shown | undefined> => {
    const raster = await makeRaster(picture, box, signal ? { signal } : {}).catch(() => undefined);
    return raster && { raster, ...(label !== undefined && { label }) };
  });
  const shown = (await Promise.all(asked)).filter((one) => one !== undefined);
  // No more room than they take.
  const wide = Math.max(0, ...shown.map(({ raster }) => Math.ceil(raster.width / cell.width)));
  const rows: Sheet[] = [];
  for (let from = 0; from < shown.length; from += grid.across) {
    const id = firstId === undefined ? undefined : firstId + rows.length;
    rows.push(await sheetRow(shown.slice(from, from + grid.across), wide, protocol, id));
  }
  const left = tiles.length - places;
  if (left > 0 && rows.length > 0) rows.push(lineOf(`and ${left} more`));
  const isLabelled = shown.some(({ label }) => label !== undefined);
  return {
    text: rows.map(({ text }) => text).join(isLabelled ? '' : '\n'),
    columns: Math.max(0, ...rows.map(({ columns }) => columns)),
    rows: rows.reduce((sum, row) => sum + row.rows, 0) + (isLabelled ? 0 : Math.max(0, rows.length - 1)),
  };
}

function lineOf(text: string): Sheet {
  return { text: `${text}\n`, columns: text.length, rows: 1 };
}

/** A picture that could be read. */
interface Shown {
  readonly raster: Raster;
  readonly label?: string;
}

/** Pictures beside each other, and their labels below them. `wide`: letters of each. */
async function sheetRow(
  row: readonly Shown[],
  wide: number,
  protocol: Protocol,
  id: number | undefined,
): Promise<Sheet> {
  const cell = cellOf(protocol);
  const rasters = row.map(({ raster }) => raster);
  const joined = sideBySide(rasters, wide * cell.width, gapColumns * cell.width);
  const room = { columns: Math.ceil(joined.width / cell.width), rows: Math.ceil(joined.height / cell.height) };
  const text = await encode(joined, protocol, room, id);
  if (row.every(({ label }) => label === undefined)) return { ...room, text };
  const labels = row.map(({ label = '' }) => pad(cut(label, wide), wide + gapColumns));
  return { ...room, text: `${text}${labels.join('').trimEnd()}\n`, rows: room.rows + 1 };
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
