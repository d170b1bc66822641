import { damaged, type Found, type Walk, type Want } from './walk.ts';

/** WebP (RFC 9649): a RIFF file whose chunks fill the declared length. */
export function* walkWebP(found: Found): Walk {
  const riff = yield { take: 12 };
  const end = 8 + riff.readUInt32LE(4);
  let hasSize = false;
  let hasPixels = false;
  while (found.position + 8 <= end) {
    const chunk = yield { take: 8 };
    const type = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    if (found.position + length > end) throw damaged('a WebP chunk longer than the file');
    const read = sizes[type];
    if (read && !hasSize) {
      if (length < read.bytes) throw damaged('a WebP chunk that is too short');
      read.read(yield { take: read.bytes }, found);
      hasSize = true;
      yield* pass(length - read.bytes, length, end, found);
    } else {
      yield* pass(length, length, end, found);
    }
    if (type === 'C2PA') found.c2pa = true;
    if (type === 'VP8 ' || type === 'VP8L' || type === 'ANMF') hasPixels = true;
  }
  if (!hasSize || !hasPixels) throw damaged('a WebP without pixels');
  if (end > found.position) yield { skip: end - found.position };
}

/** The chunks that say the size; the first of them counts. */
const sizes: { readonly [type: string]: { readonly bytes: number; read(chunk: Buffer, found: Found): void } } = {
  VP8X: {
    bytes: 10,
    read(chunk, found) {
      found.size(1 + chunk.readUIntLE(4, 3), 1 + chunk.readUIntLE(7, 3));
      found.alpha = (chunk[0]! & 0x10) !== 0;
    },
  },
  'VP8 ': {
    bytes: 10,
    read(chunk, found) {
      if (chunk.readUIntBE(3, 3) !== 0x9d012a) throw damaged('a WebP without a key frame');
      found.size(chunk.readUInt16LE(6) & 0x3fff, chunk.readUInt16LE(8) & 0x3fff);
    },
  },
  VP8L: {
    bytes: 5,
    read(chunk, found) {
      if (chunk[0] !== 0x2f) throw damaged('a lossless WebP without its signature');
      const bits = chunk.readUInt32LE(1);
      found.size(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff));
      found.alpha = ((bits >>> 28) & 1) === 1;
    },
  },
};

/** Passes over the rest of a chunk and its padding byte, which the last chunk of a file may lack. */
function* pass(rest: number, length: number, end: number, found: Found): Generator<Want, void, Buffer> {
  yield { skip: Math.min(rest + (length % 2), end - found.position) };
}
