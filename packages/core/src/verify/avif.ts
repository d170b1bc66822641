import { notPicture } from './not-picture.ts';
import { damaged, type Found, type Walk } from './walk.ts';

/** Largest `meta` box that is read, bytes: real ones have a few hundred. */
const largestMeta = 2 ** 20;
/** The type of the box that holds a C2PA manifest, which comes before the pixels. */
const manifestBox = 'd8fec3d61b0e483c92975828877ec481';

/**
 * AVIF (ISO/IEC 14496-12, 23008-12): boxes up to `meta`, which says the size and where the pixels are; complete when the
 * last of them has been passed.
 */
export function* walkAVIF(found: Found): Walk {
  for (let isFirst = true; ; isFirst = false) {
    const head = yield { take: 8 };
    const type = head.toString('latin1', 4);
    let length = head.readUInt32BE(0) - 8;
    if (head.readUInt32BE(0) === 1) length = Number((yield { take: 8 }).readBigUInt64BE(0)) - 16;
    if (length < 0) throw damaged('an AVIF box of impossible length');
    if (isFirst) {
      if (length > 4096) throw damaged('an AVIF without a list of brands');
      const brands = (yield { take: length }).toString('latin1');
      if (!/avif|avis/.test(brands)) throw notPicture(/hei[cmsx]|mif1/.test(brands) ? 'a HEIC file' : 'a film');
    } else if (type === 'meta') {
      if (length > largestMeta) throw damaged('an AVIF with a huge meta box');
      const meta = yield { take: length };
      const end = readMeta(meta, found);
      if (end > found.position) yield { skip: end - found.position };
      return;
    } else if (type === 'uuid' && length >= 16) {
      found.c2pa ||= (yield { take: 16 }).toString('hex') === manifestBox;
      yield { skip: length - 16 };
    } else {
      yield { skip: length };
    }
  }
}

/** Reads size and alpha; returns where the last of the pixels ends in the file. */
function readMeta(meta: Buffer, found: Found): number {
  try {
    let end = 0;
    for (const box of boxesOf(meta.subarray(4))) {
      if (box.type === 'iprp') readProperties(box.content, found);
      if (box.type === 'iloc') end = Math.max(end, lastByte(box.content));
    }
    if (end === 0) throw damaged('an AVIF without pixels');
    return end;
  } catch (error) {
    if (error instanceof RangeError) throw damaged('an AVIF whose meta box ends early');
    throw error;
  }
}

function readProperties(iprp: Buffer, found: Found): void {
  let width = 0;
  let height = 0;
  for (const { type, content } of boxesOf(iprp)) {
    if (type !== 'ipco') continue;
    for (const property of boxesOf(content)) {
      if (property.type === 'auxC' && property.content.includes('alpha')) found.alpha = true;
      if (property.type !== 'ispe') continue;
      // The largest is the picture; the others are its tiles and thumbnails.
      const [wide, high] = [property.content.readUInt32BE(4), property.content.readUInt32BE(8)];
      if (wide * high >= width * height) [width, height] = [wide, high];
    }
  }
  found.size(width, height);
}

/** The end of the last extent in the file, by the item location box. */
function lastByte(iloc: Buffer): number {
  const version = iloc[0]!;
  const sizes = iloc.readUInt16BE(4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  let at = 6;
  const read = (bytes: number) => {
    at += bytes;
    if (bytes === 0) return 0;
    return bytes === 8 ? Number(iloc.readBigUInt64BE(at - 8)) : iloc.readUIntBE(at - bytes, bytes);
  };
  let end = 0;
  for (let items = read(version < 2 ? 2 : 4); items > 0; items--) {
    read(version < 2 ? 2 : 4);
    const inFile = version === 0 || (read(2) & 15) === 0;
    read(2);
    const base = read(baseSize);
    for (let extents = read(2); extents > 0; extents--) {
      read(indexSize);
      const offset = base + read(offsetSize);
      const length = read(lengthSize);
      if (inFile) end = Math.max(end, offset + length);
    }
  }
  return end;
}

function* boxesOf(content: Buffer): Generator<{ type: string; content: Buffer }> {
  for (let at = 0; at + 8 <= content.length; ) {
    const length = content.readUInt32BE(at);
    if (length < 8 || at + length > content.length) throw damaged('an AVIF box longer than its container');
    yield { type: content.toString('latin1', at + 4, at + 8), content: content.subarray(at + 8, at + length) };
    at += length;
  }
}
