import { damaged, type Found, type Walk, type Want } from './walk.ts';

/**
 * JPEG (ITU-T T.81): marker segments from SOI to EOI, the compressed data between them passed over. Bytes after EOI are
 * tolerated: phones append previews and films.
 */
export function* walkJPEG(found: Found): Walk {
  yield { skip: 2 };
  let hasSize = false;
  let hasScan = false;
  // Inside a scan the next 0xff is looked for; outside, it must come at once.
  for (let marker = yield* nextMarker(false); ; ) {
    if (marker === 0xd9) {
      if (!hasSize || !hasScan) throw damaged('a JPEG without pixels');
      return;
    }
    if (standsAlone(marker)) {
      marker = yield* nextMarker(false);
      continue;
    }
    const length = (yield { take: 2 }).readUInt16BE(0) - 2;
    if (length < 0) throw damaged('a JPEG segment of impossible length');
    if (isFrame(marker)) {
      if (length < 6) throw damaged('a JPEG frame of impossible length');
      const frame = yield { take: 6 };
      found.size(frame.readUInt16BE(3), frame.readUInt16BE(1));
      found.grey = frame[5] === 1; // components
      hasSize = true;
      yield { skip: length - 6 };
    } else if (marker === 0xeb) {
      const head = yield { take: Math.min(length, jumbfHead) };
      found.c2pa ||= startsManifest(head);
      yield { skip: length - head.length };
    } else {
      yield { skip: length };
    }
    const isScan = marker === 0xda;
    hasScan ||= isScan;
    marker = yield* nextMarker(isScan);
  }
}

/** Bytes of an APP11 segment that tell what it holds. */
const jumbfHead = 48;

/**
 * Whether an APP11 segment is the first of a C2PA manifest store: JUMBF in a JPEG (ISO 19566-5) is `JP`, a box instance and a packet number,
 * then the box `jumb`, whose description `jumd` has the type c2pa.
 */
function startsManifest(head: Buffer): boolean {
  const text = head.toString('latin1');
  return /^JP.{6}.{4}jumb(?:.{8})?.{4}jumdc2pa/s.test(text);
}

/** The EXIF orientation of a JPEG, 1 to 8; 1 (upright) where it says none that can be read. */
export function orientationOf(bytes: Uint8Array): number {
  const jpeg = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; ) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    const isExif = jpeg[at + 1] === 0xe1 && jpeg.toString('latin1', at + 4, at + 10) === 'Exif\0\0';
    if (isExif) return orientationIn(jpeg.subarray(at + 10, end));
    at = end;
  }
  return 1;
}

/** EXIF is TIFF: byte order, then where the first directory begins, whose entries have 12 bytes. */
function orientationIn(tiff: Buffer): number {
  if (tiff.length < 10) return 1;
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return 1;
  const entries = Math.min(short(directory), Math.floor((tiff.length - directory - 2) / 12));
  for (let at = directory + 2; at < directory + 2 + entries * 12; at += 12) {
    if (short(at) !== 0x0112) continue;
    const orientation = short(at + 8);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}

function* nextMarker(inScan: boolean): Generator<Want, number, Buffer> {
  for (;;) {
    if (inScan) yield { until: 0xff };
    else if ((yield { take: 1 })[0] !== 0xff) throw damaged('a JPEG with bytes between its segments');
    let marker = (yield { take: 1 })[0]!;
    // Any number of 0xff may come before a marker.
    while (marker === 0xff) marker = (yield { take: 1 })[0]!;
    // In a scan, 0xff 0x00 is data and restart markers are part of it.
    if (inScan && (marker === 0 || (marker >= 0xd0 && marker <= 0xd7))) continue;
    return marker;
  }
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share their range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
