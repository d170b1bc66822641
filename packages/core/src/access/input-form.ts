// The forms in which services take an input picture: base64, a URL, a file of a multipart request.

import type { InputBytes, InputImage } from '../contract/provider.ts';

/** Bytes as base64, without copying them first. */
export function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** An input picture as a URL: its own, or a `data:` URL that holds its bytes. */
export function toURL(image: InputImage): string {
  return image.as === 'url' ? image.url : `data:${image.mediaType};base64,${toBase64(image.bytes)}`;
}

/**
 * An input picture as a file of a multipart request. `name`: without the ending, which follows from the media type. Some services
 * refuse a file without a name or type.
 */
export function toFile({ bytes, mediaType }: Pick<InputBytes, 'bytes' | 'mediaType'>, name: string): File {
  const ending = mediaType.replace('image/', '').replace('jpeg', 'jpg');
  return new File([bytes as Uint8Array<ArrayBuffer>], `${name}.${ending}`, { type: mediaType });
}
