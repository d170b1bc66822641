import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noisyPNG, type PictureName, pictures } from '../../test/pictures.ts';
import { ImageError } from '../contract/errors.ts';
import { orientationOf } from './jpeg.ts';
import { createProbe, hasAlpha, type ProbeLimits, pictureFacts } from './verify.ts';

const expected: { readonly [name in PictureName]: readonly [mediaType: string, alpha: boolean] } = {
  png: ['image/png', true],
  pngOpaque: ['image/png', false],
  jpeg: ['image/jpeg', false],
  jpegProgressive: ['image/jpeg', false],
  jpegExif: ['image/jpeg', false],
  webp: ['image/webp', false],
  webpLossless: ['image/webp', true],
  webpAlpha: ['image/webp', true],
  gif: ['image/gif', true],
  avif: ['image/avif', false],
  avifAlpha: ['image/avif', true],
};
const names = Object.keys(pictures) as PictureName[];

function probe(bytes: Uint8Array, limits?: ProbeLimits, cuts: readonly number[] = []) {
  const probe = createProbe(limits);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index++) probe.push(bytes.subarray(edges[index - 1], edges[index]));
  return probe.end();
}

function failure(work: () => unknown): ImageError {
  try {
    work();
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const problemOf = (work: () => unknown) => (failure(work).details as { problem: string }).problem;
const repeated = (text: string, length: number) =>
  Buffer.from(text.repeat(Math.ceil(length / text.length)).slice(0, length));

describe('a whole picture', () => {
  test.each(names)('%s: type, size, length and alpha are read, however the bytes are parted', (name) => {
    const [mediaType, alpha] = expected[name];
    const bytes = pictures[name];
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        const facts = { mediaType, width: 9, height: 7, byteLength: bytes.length, alpha, grey: false, c2pa: false };
        expect(probe(bytes, {}, cuts)).toEqual(facts);
      }),
      { numRuns: 60 },
    );
  });

  test.each(names)('%s: every strict prefix is refused', (name) => {
    const bytes = pictures[name];
    for (let length = 0; length < bytes.length; length++) {
      const error = failure(() => probe(bytes.subarray(0, length)));
      expect(error.code, `${length} of ${bytes.length}`).toBe('bad-response');
    }
  });

  test('bytes after the end of a PNG or JPEG are tolerated and counted', () => {
    for (const name of ['png', 'jpeg'] as const) {
      const longer = Buffer.concat([pictures[name], Buffer.from('appended by a camera')]);
      expect(probe(longer)).toMatchObject({ width: 9, height: 7, byteLength: longer.length });
    }
  });

  test('a JPEG whose size comes after large metadata is read', () => {
    const segment = Buffer.alloc(65_537, 0xff);
    segment.writeUInt16BE(0xffe1, 0);
    segment.writeUInt16BE(65_535, 2);
    const bytes = Buffer.concat([
      pictures.jpeg.subarray(0, 2),
      ...Array<Buffer>(20).fill(segment),
      pictures.jpeg.subarray(2),
    ]);
    expect(probe(bytes, {}, [65_000, 700_000])).toMatchObject({ mediaType: 'image/jpeg', width: 9, height: 7 });
  });

  test('escaped bytes and restart markers in the data of a JPEG do not end it', () => {
    const data = Buffer.from([0xff, 0x00, 0x12, 0xff, 0xd3, 0x34, 0xff, 0x00]);
    const bytes = Buffer.concat([pictures.jpeg.subarray(0, -2), data, pictures.jpeg.subarray(-2)]);
    expect(probe(bytes)).toMatchObject({ width: 9, height: 7 });
    expect(problemOf(() => probe(bytes.subarray(0, -1)))).toBe('truncated');
  });

  test('a WebP whose last chunk lacks its padding byte is read', () => {
    const riff = (body: Buffer) => {
      const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
      head.writeUInt32LE(body.length + 4, 4);
      return Buffer.concat([head, body]);
    };
    const odd = Buffer.from([0x45, 0x58, 0x49, 0x46, 3, 0, 0, 0, 1, 2, 3]);
    const pixels = Buffer.from(pictures.webpLossless.subarray(12));
    expect(probe(riff(Buffer.concat([pixels, odd])))).toMatchObject({ width: 9, height: 7 });
  });
});

test('a file that is well formed but holds no pixels is refused', () => {
  const files = [
    Buffer.concat([pictures.png.subarray(0, 33), Buffer.from('0000000049454e44ae426082', 'hex')]),
    Buffer.from('ffd8ffd9', 'hex'),
    Buffer.concat([Buffer.from('GIF89a'), Buffer.from([9, 0, 7, 0, 0, 0, 0, 0x3b])]),
    Buffer.concat([
      Buffer.from('RIFF'),
      Buffer.from([22, 0, 0, 0]),
      Buffer.from('WEBPVP8X'),
      Buffer.from([10, 0, 0, 0]),
      Buffer.alloc(10),
    ]),
  ];
  for (const file of files) {
    const error = failure(() => probe(file));
    expect(error, error.message).toMatchObject({ code: 'bad-response', details: { problem: 'damaged' } });
  }
});

describe('limits', () => {
  test('more pixels than allowed are refused as soon as the size is known', () => {
    const bytes = noisyPNG(100, 50);
    const strict = createProbe({ maxPixels: 4999 });
    const error = failure(() => strict.push(bytes.subarray(0, 40)));
    expect(error.message).toBe('the picture has 100x50 pixels, more than the 4999 allowed');
    expect(probe(bytes, { maxPixels: 5000 })).toMatchObject({ width: 100, height: 50 });
  });

  test('a file longer than allowed is refused while it arrives', () => {
    const bytes = pictures.png;
    expect(probe(bytes, { maxBytes: bytes.length })).toMatchObject({ byteLength: bytes.length });
    expect(problemOf(() => probe(bytes, { maxBytes: bytes.length - 1 }))).toBe('too-large');
  });

  test('a picture of no width or no height is refused', () => {
    const bytes = Buffer.from(pictures.png);
    bytes.writeUInt32BE(0, 16);
    expect(problemOf(() => probe(bytes))).toBe('empty');
  });
});

describe('what is no picture', () => {
  test.each([
    ['<!doctype html><html><body>Sign in</body>', 'a web page'],
    ['\n\n  <HTML lang="en">', 'a web page'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'an SVG drawing'],
    ['<?xml version="1.0"?><svg>', 'an SVG drawing'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code>', 'an XML or HTML document'],
    ['{"error":{"code":"1301"}}', 'JSON'],
    ['[{"error":"no"}]', 'JSON'],
    ['Dear reader, this is just a note. ', 'text'],
    ['Grüße und viele Umlaute äöü ', 'text'],
    ['%PDF-1.7 ', 'a PDF document'],
    ['\u0001\u0002\u0003 bytes', 'something unknown'],
  ])('%j is refused by name, whole and as the start of something endless', (text, found) => {
    const error = failure(() => probe(Buffer.from(text)));
    expect(error).toMatchObject({ code: 'bad-response', details: { problem: 'not-a-picture', found } });
    const endless = createProbe();
    expect(() => endless.push(repeated(text, 64))).toThrow(`${found} was served as a picture`);
  });

  test('a JSON error is quoted, cut to 80 characters; a web page is not', () => {
    const json = failure(() => probe(repeated('{"error": {"message": "balance used up"}} ', 500)));
    expect(json.message).toMatch(/^JSON was served as a picture: “\{"error": \{"message": "balance used up"\}\}/);
    expect(json.message.length).toBeLessThan(120);
    expect(failure(() => probe(Buffer.from('<html>secret</html>'))).message).toBe('a web page was served as a picture');
  });

  test('nothing at all is refused', () => {
    expect(problemOf(() => createProbe().end())).toBe('empty');
  });

  test('HEIC and films share the container of AVIF and are refused by name', () => {
    const box = (brand: string) => Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from(`ftyp${brand}\0\0\0\0`)]);
    expect(() => probe(box('heic'))).toThrow('a HEIC file');
    expect(() => probe(box('isom'))).toThrow('a film');
  });
});

test.each(names)('%s: alpha is known of bytes at hand, and none of bytes that are no picture', (name) => {
  const [mediaType, alpha] = expected[name];
  expect(hasAlpha({ bytes: pictures[name], mediaType })).toBe(alpha);
  expect(hasAlpha({ bytes: pictures[name].subarray(0, -2), mediaType })).toBe(false);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => !hasAlpha({ bytes, mediaType })));
});

describe('the orientation of a JPEG', () => {
  /** A JPEG that says this orientation, after another segment. */
  const turned = (orientation: number, order: 'II' | 'MM') => {
    const isLittle = order === 'II';
    const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4);
    const short = (value: number, at: number) =>
      isLittle ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
    tiff.write(order);
    short(42, 2);
    if (isLittle) tiff.writeUInt32LE(8, 4);
    else tiff.writeUInt32BE(8, 4);
    short(2, 8);
    short(0x0100, 10);
    short(0x0112, 22);
    short(orientation, 30);
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
    const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
    const comment = Buffer.from([0xff, 0xfe, 0, 4, 0x68, 0x69]);
    return Buffer.concat([pictures.jpeg.subarray(0, 2), comment, head, exif, pictures.jpeg.subarray(2)]);
  };

  test('is read in both byte orders; what is none counts as upright', () => {
    for (const order of ['II', 'MM'] as const) {
      for (let orientation = 1; orientation <= 8; orientation++) {
        expect(orientationOf(turned(orientation, order))).toBe(orientation);
      }
      expect(orientationOf(turned(0, order))).toBe(1);
      expect(orientationOf(turned(9, order))).toBe(1);
    }
    expect(orientationOf(pictures.jpegExif)).toBe(6);
    expect(orientationOf(pictures.jpeg)).toBe(1);
  });

  test('is a number from 1 to 8 for any bytes', () => {
    const base = turned(6, 'MM');
    const changed = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 8 }).map((changes) => {
      const bytes = Buffer.from(base);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
    const cut = fc.nat(base.length).map((length) => base.subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(changed, cut, fc.uint8Array()), (bytes) => {
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(orientationOf(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

test('arbitrary changes to a picture never make the probe fail otherwise than by an ImageError', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      (name, changes) => {
        const bytes = Buffer.from(pictures[name]);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        try {
          const facts = probe(bytes);
          expect(facts.width * facts.height).toBeGreaterThan(0);
        } catch (error) {
          expect(ImageError.isInstance(error), String(error)).toBe(true);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test.each([
  [0, { grey: true, alpha: false }],
  [2, { grey: false, alpha: false }],
  [3, { grey: false, alpha: false }],
  [4, { grey: true, alpha: true }],
  [6, { grey: false, alpha: true }],
])('a PNG of colour type %i is %j', (type, facts) => {
  const bytes = Uint8Array.from(noisyPNG(3, 2), (byte, at) => (at === 25 ? type : byte));
  expect(pictureFacts(bytes)).toMatchObject({ mediaType: 'image/png', width: 3, height: 2, ...facts });
});

test('a JPEG with one component is grey', () => {
  const { jpeg } = pictures;
  const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc0]));
  expect(pictureFacts(Uint8Array.from(jpeg, (byte, at) => (at === frame + 9 ? 1 : byte)))).toMatchObject({
    grey: true,
  });
});

test('what is no whole picture has no facts', () => {
  for (const bytes of [
    new Uint8Array(),
    Buffer.from('no picture'),
    pictures.png.subarray(0, -1),
    Buffer.from('<svg/>'),
  ]) {
    expect(pictureFacts(bytes)).toBeUndefined();
  }
});

/** As C2PA 2.2, annex A, puts a manifest store into each format, with bytes in place of the manifest. */
const manifests: { readonly [name in 'png' | 'jpeg' | 'webpAlpha' | 'gif' | 'avif']: (bytes: Buffer) => Buffer } = {
  png: (bytes) => joined(bytes, 33, Buffer.concat([sized(4, 'caBX', superbox), Buffer.alloc(4)])),
  jpeg(bytes) {
    const content = Buffer.concat([Buffer.from('JP'), Buffer.from([0, 1, 0, 0, 0, 1]), superbox]);
    const length = Buffer.from([0xff, 0xeb, 0, content.length + 2]);
    return joined(bytes, 2, Buffer.concat([length, content]));
  },
  webpAlpha(bytes) {
    const head = Buffer.concat([Buffer.from('C2PA'), Buffer.alloc(4)]);
    head.writeUInt32LE(superbox.length, 4);
    const whole = Buffer.concat([bytes, head, superbox, Buffer.alloc(superbox.length % 2)]);
    whole.writeUInt32LE(whole.length - 8, 4);
    return whole;
  },
  gif: (bytes) =>
    joined(
      bytes,
      13 + (bytes[10]! & 0x80 ? 3 * 2 ** ((bytes[10]! & 7) + 1) : 0),
      Buffer.concat([Buffer.from('\x21\xff\x0bC2PA_GIF\x01\0\0', 'latin1'), Buffer.from([3, 1, 2, 3, 0])]),
    ),
  // The offsets of its pixels are from the start of the file: they are read first, and a box before them only moves them.
  avif: (bytes) => {
    const box = sized(0, 'uuid', Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'));
    return Buffer.concat([joined(bytes, bytes.readUInt32BE(0), box), Buffer.alloc(box.length)]);
  },
};

/** `jumb` with its description `jumd`, whose type is c2pa. */
const superbox = sized(
  0,
  'jumb',
  sized(0, 'jumd', Buffer.concat([Buffer.from('6332706100110010800000aa00389b7103', 'hex'), Buffer.from('c2pa\0')])),
);

/** Length, name, content; `less`: what the length does not count of the two. */
function sized(less: 0 | 4, name: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length + (less === 4 ? 0 : 8));
  return Buffer.concat([length, Buffer.from(name), content]);
}

function joined(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

test.each(Object.keys(manifests) as (keyof typeof manifests)[])(
  '%s: a C2PA manifest in the file is noticed',
  (name) => {
    const signed = manifests[name](Buffer.from(pictures[name]));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        expect(probe(signed, {}, cuts)).toMatchObject({ width: 9, height: 7, c2pa: true });
      }),
      { numRuns: 60 },
    );
  },
);

test('an APP11 segment of another kind is no manifest', () => {
  const other = Buffer.concat([Buffer.from([0xff, 0xeb, 0, 10]), Buffer.from('HDR_RI v')]);
  expect(probe(joined(Buffer.from(pictures.jpeg), 2, other))).toMatchObject({ width: 9, c2pa: false });
});
