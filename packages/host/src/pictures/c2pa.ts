// Whether a file carries a C2PA manifest. Nobody here checks what that claims: it takes certificates, and who is trusted.

import { readFile } from 'node:fs/promises';
import { pictureFacts } from '@anyimage/core';

/** What a file says of its own origin. Nothing of it was verified. */
export interface ManifestFacts {
  /** A manifest is in the file. */
  readonly present: boolean;
  /** Always `false`: neither signature nor claims were looked at. */
  readonly verified: false;
}

/** Looks for a C2PA manifest in a file; `undefined` for what is no whole picture in pixels, or cannot be read. Never rejects. */
export async function findManifest(path: string): Promise<ManifestFacts | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const facts = bytes && pictureFacts(bytes);
  return facts && { present: facts.c2pa, verified: false };
}
