import { ImageError } from '../contract/errors.ts';
import type { StoredImage } from '../contract/store.ts';

/** Writes a picture to a new file and returns its absolute path. Throws `storage`; an existing file is never overwritten. */
export async function saveTo(path: string, image: StoredImage): Promise<string> {
  const [{ createWriteStream }, { unlink }, { resolve }, { pipeline }] = await Promise.all([
    import('node:fs'),
    import('node:fs/promises'),
    import('node:path'),
    import('node:stream/promises'),
  ]);
  const target = resolve(path);
  const file = createWriteStream(target, { flags: 'wx' });
  let opened = false;
  file.once('open', () => {
    opened = true;
  });
  try {
    await pipeline(image.stream(), file);
    return target;
  } catch (error) {
    if (opened) await unlink(target).catch(() => {});
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new ImageError(
      'storage',
      `${target} ${exists ? 'exists already' : `could not be written: ${(error as Error).message}`}`,
      {
        cause: error,
        hint: exists ? 'Choose another name or remove the file.' : 'Check that the folder exists and has room.',
      },
    );
  }
}
