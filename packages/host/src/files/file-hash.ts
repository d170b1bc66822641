import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { openFile } from './read-file.ts';

/** SHA-256 of a file's bytes, hexadecimal. What is no file is refused as by `openFile`. Rejects with the system's error. */
export async function hashFile(path: string): Promise<string> {
  const file = await openFile(path);
  const hash = createHash('sha256');
  await pipeline(file.createReadStream(), hash);
  return hash.digest('hex');
}
