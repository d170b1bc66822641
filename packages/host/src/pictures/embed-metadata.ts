// How a picture was made, written into a copy of its file. Its pixels stay as they are: nothing is decoded or compressed again.

import { ImageError, pictureFacts } from '@anyimage/core';
import { containers } from './metadata-places.ts';
import { type EmbeddedFacts, exifBytes, plain, xmpText } from './metadata-text.ts';

/**
 * The bytes of a picture with what is known of it: XMP, EXIF where it has none, and in a PNG texts. What else the file holds stays. Throws
 * `invalid-request` for a picture that is signed (C2PA), that has XMP already, or whose prompt has no room in a JPEG; `unsupported` for
 * other formats than PNG, JPEG and WebP.
 */
export function embedMetadata(bytes: Uint8Array, facts: EmbeddedFacts): Uint8Array {
  const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { mediaType, c2pa } = pictureFacts(picture) ?? {};
  const container = mediaType === undefined ? undefined : containers[mediaType];
  if (!container) {
    const what = mediaType === undefined ? 'what is no whole picture' : mediaType.replace('image/', '');
    throw new ImageError('unsupported', `nothing can be embedded in ${what}`, {
      details: { option: 'embed', mediaType: mediaType ?? null, allowed: Object.keys(containers) },
      hint: 'Embed in a PNG, JPEG or WebP. The sidecar beside the picture tells the same.',
    });
  }
  if (c2pa) {
    throw refused(
      'the picture is signed (C2PA), and any change of its file would break the signature',
      'Keep it as it is: the sidecar beside it tells how it was made.',
    );
  }
  if (container.look(picture).xmp) {
    throw refused(
      'the picture has XMP metadata already, which would be lost',
      'The sidecar beside the picture tells how it was made.',
    );
  }
  const xmp = xmpText(facts);
  if (Buffer.byteLength(xmp) > container.longestXMP) {
    throw refused(
      `the prompt is too long for a ${mediaType?.replace('image/', '')}`,
      'Embed in a PNG or WebP, which have no such limit.',
    );
  }
  const texts = { Description: plain(facts.prompt.original), Software: plain(facts.software) };
  return container.add(picture, { xmp, exif: exifBytes(facts), texts });
}

/** Whether a file of a media type can take metadata. */
export function canEmbed(mediaType: string): boolean {
  return Object.hasOwn(containers, mediaType);
}

function refused(message: string, hint: string): ImageError {
  return new ImageError('invalid-request', message, { details: { option: 'embed' }, hint });
}
