// Where pictures stand on a screen of letters: beside and below each other, as large as there is room.

export interface Room {
  /** Letters. */
  readonly columns: number;
  readonly rows: number;
}

export interface Grid {
  /** How many stand beside each other. */
  readonly across: number;
  /** The room of each, without the gap beside it and the label below it. */
  readonly tile: Room;
}

/** Letters between two pictures. */
export const gapColumns = 2;
/** A letter is about so much higher than wide. */
const letterShape = 2;

/**
 * The grid in which so many pictures are largest, if they are as high as wide. `hasLabels`: each has a line below it. Where they would be
 * too small to be seen, fewer are shown: at most `across` times `down`.
 */
export function gridFor(count: number, { columns, rows }: Room, hasLabels: boolean): Grid & { readonly down: number } {
  let best: (Grid & { readonly down: number; readonly side: number }) | undefined;
  for (let across = 1; across <= count; across++) {
    const down = Math.ceil(count / across);
    const wide = Math.floor((columns - gapColumns * (across - 1)) / across);
    const high = Math.floor(rows / down) - (hasLabels ? 1 : 0);
    const side = Math.min(wide, high * letterShape);
    if (side >= leastColumns && side > (best?.side ?? 0)) best = { across, down, tile: { columns: wide, rows: high }, side };
  }
  return best ?? smallest({ columns, rows }, hasLabels);
}

/** Letters that a picture is wide at least. */
const leastColumns = 8;

/** As many as can be seen. */
function smallest({ columns, rows }: Room, hasLabels: boolean): Grid & { readonly down: number } {
  const wide = Math.min(columns, leastColumns);
  const high = leastColumns / letterShape;
  return {
    across: Math.max(1, Math.floor((columns + gapColumns) / (wide + gapColumns))),
    down: Math.max(1, Math.floor(rows / (high + (hasLabels ? 1 : 0)))),
    tile: { columns: wide, rows: high },
  };
}
