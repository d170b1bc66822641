// Where pictures stand on a screen of letters: beside and below each other, as large as there is room.

export interface Room {
  /** Letters. */
  readonly columns: number;
  readonly rows: number;
}

export interface Grid {
  /** How many stand beside each other, and how many rows of them there are. */
  readonly across: number;
  readonly down: number;
  /** The room of each, without the gap beside it and the line below it. */
  readonly tile: Room;
}

/** Letters between two pictures. */
export const gapColumns = 2;
/** A letter is about so much higher than wide. */
const letterShape = 2;
/** Letters that a picture is wide at least: of smaller ones nobody sees anything. */
const leastColumns = 8;
/** What a further row must make the pictures larger by: lines are dear. */
const priceOfRow = 0.1;

/**
 * The grid in which so many pictures are largest, if they are as high as wide. A line below each row is for labels, or parts it from the
 * next. Where there is no room for all of them, it has fewer places.
 */
export function gridFor(count: number, { columns, rows }: Room): Grid {
  const grids = Array.from({ length: count }, (_, index) => gridOf(index + 1, Math.ceil(count / (index + 1))));
  const good = grids.filter((grid) => sideOf(grid) >= leastColumns);
  return good.toSorted((a, b) => worth(b) - worth(a) || a.across - b.across)[0] ?? smallest();

  function gridOf(across: number, down: number): Grid {
    const wide = Math.floor((columns - gapColumns * (across - 1)) / across);
    const high = count === 1 ? rows : Math.floor(rows / down) - 1;
    return { across, down, tile: { columns: wide, rows: high } };
  }

  function smallest(): Grid {
    const high = leastColumns / letterShape;
    const across = Math.floor((columns + gapColumns) / (leastColumns + gapColumns));
    const down = Math.floor(rows / (high + 1));
    return {
      across: Math.max(1, across),
      down: Math.max(1, down),
      tile: { columns: Math.min(columns, leastColumns), rows: Math.min(rows, high) },
    };
  }
}

function sideOf({ tile: { columns, rows } }: Grid): number {
  return Math.min(columns, rows * letterShape);
}

function worth(grid: Grid): number {
  return sideOf(grid) / (1 + priceOfRow * (grid.down - 1));
}
