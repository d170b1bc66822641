import type { Paint } from './paint.ts';
import { columnsOf, longestPiece, pad, width, wrap } from './wrap.ts';

type Row = readonly string[];

/** A part of a row that stands in one line: which columns, and how wide each is. */
interface Band {
  readonly indent: string;
  readonly columns: readonly { readonly index: number; readonly width: number }[];
}

const gap = '  ';
/** A column is made narrower than this only if the terminal is. */
const leastColumns = 20;

/**
 * Columns of equal width; the first row is the heading. On a terminal the table fits it: long cells are broken at spaces, never
 * the first of a row, and if that is not enough, each row takes several lines, all but its first indented. Elsewhere a row is a line.
 */
export function tableText(rows: readonly Row[], paint: Paint, columns = columnsOf(process.stdout)): string {
  const lines = rows.map((row) => row.map((cell) => cell.replaceAll('\n', ' ')));
  const bands = bandsOf(lines, columns);
  return lines
    .map((row, index) => {
      const text = bands.flatMap((band) => bandLines(row, band)).join('\n');
      return index === 0 ? paint('quiet', text) : text;
    })
    .join('\n');
}

/** As few as can be, in the order of the columns. */
function bandsOf(rows: readonly Row[], columns: number): Band[] {
  const bands: { indent: string; columns: Bounds[]; room: number }[] = [];
  for (const [index] of (rows[0] ?? []).entries()) {
    const cells = rows.map((row) => row[index] ?? '');
    const most = Math.max(...cells.map(width));
    const least = index === 0 ? most : Math.max(Math.min(most, leastColumns), ...cells.map(longestPiece));
    const last = bands.at(-1);
    const needed = least + gap.length;
    if (last && needed <= last.room) {
      last.columns.push({ index, least, most });
      last.room -= needed;
    } else {
      const indent = last ? gap : '';
      bands.push({ indent, columns: [{ index, least, most }], room: columns - indent.length - least });
    }
  }
  // A piece that is wider than the terminal makes no others so.
  return bands.map(({ indent, columns: some, room }) => ({
    indent,
    columns: widen(some, room).map((one) => ({ ...one, width: Math.min(one.width, columns - indent.length) })),
  }));
}

interface Bounds {
  readonly index: number;
  readonly least: number;
  readonly most: number;
}

/** Gives the room that is left to the columns that want more: to the one that lacks least first. */
function widen(columns: readonly Bounds[], room: number): Band['columns'] {
  let left = Math.max(0, room);
  const widths = new Map<number, number>();
  for (const { index, least, most } of [...columns].sort((a, b) => a.most - a.least - (b.most - b.least))) {
    const more = Math.min(most - least, left);
    widths.set(index, least + more);
    left -= more;
  }
  return columns.map(({ index }) => ({ index, width: widths.get(index)! }));
}

function bandLines(row: Row, { indent, columns }: Band): string[] {
  const cells = columns.map(({ index, width }) => wrap(row[index] ?? '', index === 0 ? Infinity : width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map(({ width }, column) => {
      const text = cells[column]![line] ?? '';
      return column === columns.length - 1 ? text : pad(text, width);
    });
    return (indent + parts.join(gap)).trimEnd();
  });
}
