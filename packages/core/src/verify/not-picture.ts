import { ImageError } from '../contract/errors.ts';
import { quoted } from '../foreign/foreign.ts';

/** Says what came instead of a picture. `details.found` repeats it, for messages about a caller's file. */
export function notPicture(found: string, words = ''): ImageError {
  return new ImageError('bad-response', `${found} was served as a picture${words}`, {
    details: { problem: 'not-a-picture', found },
    hint: 'PNG, JPEG, WebP, GIF and AVIF are pictures here.',
  });
}

/** First bytes in hexadecimal, and what begins with them. */
const signatures: readonly (readonly [start: string, name: string])[] = [
  ['25504446', 'a PDF document'],
  ['504b0304', 'a ZIP archive'],
  ['1f8b', 'a gzip archive'],
  ['49492a00', 'a TIFF file'],
  ['4d4d002a', 'a TIFF file'],
  ['424d', 'a BMP file'],
  ['00000100', 'an icon'],
  ['ff0a', 'a JPEG XL file'],
  ['0000000c4a584c20', 'a JPEG XL file'],
  ['38425053', 'a Photoshop file'],
  ['1a45dfa3', 'a film'],
];

/** The error for bytes that begin as no known picture does; a JSON error is quoted, anything else only named. */
export function explainHead(head: Buffer): ImageError {
  const start = head.toString('hex', 0, 16);
  const named = signatures.find(([signature]) => start.startsWith(signature));
  if (named) return notPicture(named[1]);
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^<svg|^<\?xml.*<svg/is.test(text)) return notPicture('an SVG drawing');
  if (/^<(!doctype html|html|head|body|script)/i.test(text)) return notPicture('a web page');
  if (/^<(\?xml|!--|[A-Za-z])/.test(text)) return notPicture('an XML or HTML document');
  if (/^(\{\s*["}]|\[\s*["{[\]\d])/.test(text)) return notPicture('JSON', `: ${quoted(text.slice(0, 80))}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells bytes from text
  return notPicture(/[\0-\x08\x0e-\x1f\ufffd]/.test(text.slice(0, -1)) ? 'something unknown' : 'text');
}
