import type { Format } from './formats.ts';

/**
 * The picture in the file `path` in another format. Colour profile and metadata stay; transparency becomes white where the
 * format has none. A drawing becomes pixels of its own size, never the other way. Rejects with what the codec says.
 */
export async function convertPicture(path: string, format: Format): Promise<Uint8Array> {
  if (format === 'svg') throw new Error('a picture in pixels cannot become a drawing');
  // Loading the codec takes longer than the rest of a start: only who needs it pays.
  const { default: sharp } = await import('sharp');
  const picture = sharp(path, { animated: format === 'webp' || format === 'gif' }).keepMetadata();
  return (format === 'jpeg' ? picture.flatten({ background: 'white' }) : picture).toFormat(format).toBuffer();
}
