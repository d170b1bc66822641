// Where metadata stands in the file of a picture: pieces are added between others, which stay as they are. Nothing is decoded.

import { crc32 } from 'node:zlib';

/** What a file holds already. */
export interface FileParts {
  readonly exif: boolean;
  readonly xmp: boolean;
}

/** What is put in. */
export interface Additions {
  readonly xmp: string;
  /** TIFF. Where the file has EXIF already, that stays and this is left out. */
  readonly exif: Buffer;
  /** Texts for those who read neither, by keyword: only PNG has them. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A format whose file can take metadata. All functions need a whole picture of that format. */
export interface Container {
  look(bytes: Buffer): FileParts;
  add(bytes: Buffer, additions: Additions): Buffer;
  /** The XMP packet, where it is there and not compressed. */
  readXMP(bytes: Buffer): Buffer | undefined;
  /** The C2PA manifest store, as JUMBF. */
  readManifests(bytes: Buffer): Buffer | undefined;
  /** Most bytes of an XMP packet. */
  readonly longestXMP: number;
}

interface Piece {
  readonly type: string;
  /** Where it begins and ends, with its head and what follows its content. */
  readonly from: number;
  readonly to: number;
  readonly content: Buffer;
}

const xmpKeyword = 'XML:com.adobe.xmp';
/** Some programs compress it, which the standard of XMP does not want. */
const textChunks: readonly string[] = ['iTXt', 'zTXt', 'tEXt'];

/** Chunks: W3C PNG 3. */
const png: Container = {
  longestXMP: 2 ** 31 - 100,
  look(bytes) {
    const chunks = pngChunks(bytes);
    const hasText = (keyword: string) =>
      chunks.some(({ type, content }) => textChunks.includes(type) && startsWith(content, `${keyword}\0`));
    const has = (name: string) => chunks.some(({ type }) => type === name);
    return { exif: has('eXIf'), xmp: hasText(xmpKeyword) };
  },
  add(bytes, { xmp, texts }) {
    const all = Object.entries({ ...texts, [xmpKeyword]: xmp });
    const chunks = all.map(([keyword, text]) => {
      // Not compressed, in no language.
      return pngChunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`), Buffer.from(text)]));
    });
    const header = pngChunks(bytes)[0]!;
    return inserted(bytes, header.to, ...chunks);
  },
  readXMP(bytes) {
    // Not compressed, and whatever its language.
    const head = `${xmpKeyword}\0\0\0`;
    const chunk = pngChunks(bytes).find(({ type, content }) => type === 'iTXt' && startsWith(content, head));
    if (!chunk) return undefined;
    const language = chunk.content.indexOf(0, head.length);
    const translation = chunk.content.indexOf(0, language + 1);
    return language < 0 || translation < 0 ? undefined : chunk.content.subarray(translation + 1);
  },
  readManifests(bytes) {
    return pngChunks(bytes).find(({ type }) => type === 'caBX')?.content;
  },
};

function pngChunks(bytes: Buffer): readonly Piece[] {
  const chunks: Piece[] = [];
  for (let from = 8; from + 12 <= bytes.length; ) {
    const end = from + 8 + bytes.readUInt32BE(from);
    const type = bytes.toString('latin1', from + 4, from + 8);
    chunks.push({ type, from, to: end + 4, content: bytes.subarray(from + 8, end) });
    if (type === 'IEND') break;
    from = end + 4;
  }
  return chunks;
}

function pngChunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

const exifHead = 'Exif\0\0';
const xmpHead = 'http://ns.adobe.com/xap/1.0/\0';
const longestSegment = 65_533;

/** Segments: ITU-T T.81; EXIF 2.32, 4.5; XMP specification part 3, 1.1.3. */
const jpeg: Container = {
  longestXMP: longestSegment - xmpHead.length,
  look(bytes) {
    const segments = jpegSegments(bytes);
    const has = (marker: string, head: string) =>
      segments.some(({ type, content }) => type === marker && startsWith(content, head));
    return { exif: has('e1', exifHead), xmp: has('e1', xmpHead) };
  },
  add(bytes, { xmp, exif }) {
    const segments = jpegSegments(bytes);
    const hasExif = jpeg.look(bytes).exif;
    // JFIF and EXIF stand first, where they are; XMP follows.
    const first = segments.findIndex(
      ({ type, content }) => !(type === 'e0' || (type === 'e1' && startsWith(content, exifHead))),
    );
    const at = first === 0 ? 2 : segments[first - 1]!.to;
    const before = hasExif ? [] : [jpegSegment(0xe1, exifHead, exif)];
    return inserted(bytes, at, ...before, jpegSegment(0xe1, xmpHead, Buffer.from(xmp)));
  },
  readXMP(bytes) {
    const segment = jpegSegments(bytes).find(({ type, content }) => type === 'e1' && startsWith(content, xmpHead));
    return segment?.content.subarray(xmpHead.length);
  },
  readManifests(bytes) {
    const boxes = jpegSegments(bytes).filter(({ type, content }) => type === 'eb' && startsWith(content, 'JP'));
    const first = boxes.find(({ content }) => content.toString('latin1', 8, 100).includes('jumdc2pa'));
    if (!first) return undefined;
    // The parts of a box have the same number of it, and each begins as the box does: its length and its type.
    const number = first.content.readUInt16BE(2);
    const parts = boxes.filter(({ content }) => content.readUInt16BE(2) === number);
    const head = first.content.readUInt32BE(8) === 1 ? 16 : 8;
    const rest = parts.map(({ content }, index) => content.subarray(index === 0 ? 8 : 8 + head));
    return Buffer.concat(rest);
  },
};

/** The segments up to the first scan, which is the last of them. */
function jpegSegments(bytes: Buffer): readonly Piece[] {
  const segments: Piece[] = [];
  for (let from = 2; from + 4 <= bytes.length; ) {
    let at = from;
    while (bytes[at + 1] === 0xff) at++; // any number of them may come before a marker
    const type = bytes.toString('hex', at + 1, at + 2);
    const to = at + 2 + bytes.readUInt16BE(at + 2);
    segments.push({ type, from, to, content: bytes.subarray(at + 4, to) });
    if (type === 'da') break;
    from = to;
  }
  return segments;
}

function jpegSegment(marker: number, head: string, content: Buffer): Buffer {
  const length = 2 + head.length + content.length;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), Buffer.from(head, 'latin1'), content]);
}

/** What VP8X says that the file has. */
const webpFlags = { exif: 0x08, xmp: 0x04, alpha: 0x10 } as const;

/** Chunks of a RIFF file: RFC 9649. */
const webp: Container = {
  longestXMP: 2 ** 31 - 100,
  look(bytes) {
    const has = (name: string) => webpChunks(bytes).some(({ type }) => type === name);
    return { exif: has('EXIF'), xmp: has('XMP ') };
  },
  add(bytes, { xmp, exif }) {
    const chunks = webpChunks(bytes);
    const { exif: hasExif } = webp.look(bytes);
    const header = Buffer.from(webpHeader(chunks));
    header[0]! |= webpFlags.exif | webpFlags.xmp;
    const others = chunks.filter(({ type }) => type !== 'VP8X').map(({ type, content }) => webpChunk(type, content));
    const added = [...(hasExif ? [] : [webpChunk('EXIF', exif)]), webpChunk('XMP ', Buffer.from(xmp))];
    const body = Buffer.concat([Buffer.from('WEBP'), webpChunk('VP8X', header), ...others, ...added]);
    const after = bytes.subarray(8 + bytes.readUInt32LE(4));
    return Buffer.concat([webpChunk('RIFF', body), after]);
  },
  readXMP(bytes) {
    return webpChunks(bytes).find(({ type }) => type === 'XMP ')?.content;
  },
  readManifests(bytes) {
    return webpChunks(bytes).find(({ type }) => type === 'C2PA')?.content;
  },
};

/** The content of VP8X, made of the only picture where the file has none. */
function webpHeader(chunks: readonly Piece[]): Buffer {
  const extended = chunks.find(({ type }) => type === 'VP8X');
  if (extended) return extended.content;
  const { type, content } = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L')!;
  const isLossless = type === 'VP8L';
  const bits = isLossless ? content.readUInt32LE(1) : 0;
  const width = isLossless ? 1 + (bits & 0x3fff) : content.readUInt16LE(6) & 0x3fff;
  const height = isLossless ? 1 + ((bits >>> 14) & 0x3fff) : content.readUInt16LE(8) & 0x3fff;
  const header = Buffer.alloc(10);
  header[0] = (bits >>> 28) & 1 ? webpFlags.alpha : 0;
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  return header;
}

function webpChunks(bytes: Buffer): readonly Piece[] {
  const chunks: Piece[] = [];
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  for (let from = 12; from + 8 <= end; ) {
    const length = bytes.readUInt32LE(from + 4);
    const content = bytes.subarray(from + 8, from + 8 + length);
    const to = from + 8 + length + (length % 2);
    chunks.push({ type: bytes.toString('latin1', from, from + 4), from, to, content });
    from = to;
  }
  return chunks;
}

function webpChunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, content, Buffer.alloc(content.length % 2)]);
}

function startsWith(content: Buffer, head: string): boolean {
  return content.toString('latin1', 0, head.length) === head;
}

function inserted(bytes: Buffer, at: number, ...pieces: readonly Buffer[]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), ...pieces, bytes.subarray(at)]);
}

/** By media type. */
export const containers: Readonly<Record<string, Container>> = {
  'image/png': png,
  'image/jpeg': jpeg,
  'image/webp': webp,
};
