import { damaged, type Found, type Walk, type Want } from './walk.ts';

/** GIF (87a and 89a): blocks up to the trailer. */
export function* walkGIF(found: Found): Walk {
  yield { skip: 6 };
  const screen = yield { take: 7 };
  found.size(screen.readUInt16LE(0), screen.readUInt16LE(2));
  yield { skip: tableLength(screen[4]!) };
  for (let hasPixels = false; ; ) {
    const kind = (yield { take: 1 })[0]!;
    if (kind === 0x3b) {
      if (!hasPixels) throw damaged('a GIF without pixels');
      return;
    }
    if (kind === 0x2c) {
      const image = yield { take: 9 };
      yield { skip: tableLength(image[8]!) + 1 };
      yield* passBlocks();
      hasPixels = true;
    } else if (kind === 0x21) {
      const label = (yield { take: 1 })[0]!;
      if (label === 0xf9) {
        const control = yield { take: 2 };
        found.alpha ||= (control[1]! & 1) === 1;
        yield { skip: Math.max(0, control[0]! - 1) };
      } else if (label === 0xff) {
        const length = (yield { take: 1 })[0]!;
        found.c2pa ||= (yield { take: length }).toString('latin1', 0, 8) === 'C2PA_GIF';
        if (length === 0) continue;
      }
      yield* passBlocks();
    } else {
      throw damaged('a GIF with an unknown block');
    }
  }
}

function* passBlocks(): Generator<Want, void, Buffer> {
  for (;;) {
    const length = (yield { take: 1 })[0]!;
    if (length === 0) return;
    yield { skip: length };
  }
}

/** Length of a colour table, by the packed byte that announces it. */
function tableLength(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}
