import { damaged, type Found, type Walk } from './walk.ts';

/** PNG (W3C PNG 3): chunks of length, type, data and checksum, from IHDR to IEND. Bytes after IEND are tolerated. */
export function* walkPNG(found: Found): Walk {
  yield { skip: 8 };
  const header = yield { take: 25 };
  if (header.readUInt32BE(0) !== 13 || header.toString('latin1', 4, 8) !== 'IHDR') throw damaged('a PNG without IHDR');
  found.size(header.readUInt32BE(8), header.readUInt32BE(12));
  const colourType = header[17]!;
  found.alpha = colourType === 4 || colourType === 6;
  found.grey = colourType === 0 || colourType === 4;
  for (let hasPixels = false; ; ) {
    const chunk = yield { take: 8 };
    const type = chunk.toString('latin1', 4);
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged('a PNG chunk without a name');
    if (type === 'IDAT') hasPixels = true;
    if (type === 'tRNS') found.alpha = true;
    if (type === 'caBX') found.c2pa = true;
    yield { skip: chunk.readUInt32BE(0) + 4 };
    if (type !== 'IEND') continue;
    if (!hasPixels) throw damaged('a PNG without pixels');
    return;
  }
}
