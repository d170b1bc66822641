// URLs of pictures that work for a while, for whoever has them.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, makeFolder, storageError, writeFileAtomically } from '@anyimage/host';

export interface Signer {
  /** `until`: Unix time, s. */
  sign(ref: string, until: number): string;
  isRight(ref: string, until: number, signature: string): boolean;
}

/** Signs with a secret, hexadecimal. */
export function signerWith(hex: string): Signer {
  const secret = Buffer.from(hex, 'hex');
  const sign = (ref: string, until: number) =>
    createHmac('sha256', secret).update(`${ref}.${until}`).digest('base64url');
  return {
    sign,
    isRight(ref, until, signature) {
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(ref, until))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

/** A secret that is made once and kept in `folder`, hexadecimal. Throws `storage`. */
export async function secretIn(folder: string): Promise<string> {
  const path = join(folder, 'signing-secret');
  try {
    await makeFolder(folder, 0o700);
    const text = randomBytes(32).toString('hex');
    await writeFileAtomically(path, text, { mode: 0o600, keepExisting: true }).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw storageError(error, `read the secret in ${path}`, path);
  }
}
