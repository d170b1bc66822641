// Whether a file carries a C2PA manifest. Nobody here checks what that claims: it takes certificates, and who is trusted.

import { readFile } from 'node:fs/promises';
import { pictureFacts } from '@anyimage/core';
import { containers } from './metadata-places.ts';

/** What a file says of its own origin. Nothing of it was verified. */
export interface ManifestFacts {
  /** A manifest is in the file. */
  readonly present: boolean;
  /** What says that it made the picture, where that can be read: of PNG, JPEG and WebP. */
  readonly generator?: string;
  /** Always `false`: neither signature nor claims were checked. */
  readonly verified: false;
}

/** Looks for a C2PA manifest in a file; `undefined` for what is no whole picture in pixels, or cannot be read. Never rejects. */
export async function findManifest(path: string): Promise<ManifestFacts | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const facts = bytes && pictureFacts(bytes);
  if (!facts) return undefined;
  const store = facts.c2pa ? containers[facts.mediaType]?.readManifests(bytes) : undefined;
  const generator = store && (await import('./claim-generator.ts')).claimGenerator(store);
  return { present: facts.c2pa, ...(generator !== undefined && { generator }), verified: false };
}
