// Whether and how pictures are shown at this terminal.

import { ImageError, nearest } from '@anyimage/core';
import { type Config, type PreviewWord, previewWords } from '@anyimage/host';
import type { Tile } from '../../print/preview/preview.ts';

interface PreviewFlags {
  readonly preview?: string | false;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** How pictures are to be shown, by the flags and else by the settings. Throws `invalid-request` for a word that is none. */
export function previewWord(
  { preview, quiet, json }: PreviewFlags,
  { config }: { readonly config: Pick<Config, 'preview'> },
): PreviewWord {
  const word = preview === false ? 'none' : (preview ?? config.preview ?? 'auto');
  if (!isWord(word)) {
    const near = nearest(word, previewWords)[0] ?? null;
    const message = `preview must be one of ${previewWords.join(', ')} (got ${JSON.stringify(word)})`;
    throw new ImageError('invalid-request', message, {
      details: { option: 'preview', asked: word, allowed: [...previewWords], nearest: near },
      hint: near === null ? 'Leave --preview out.' : `Did you mean --preview ${near}?`,
    });
  }
  return quiet || json ? 'none' : word;
}

function isWord(word: string): word is PreviewWord {
  return (previewWords as readonly string[]).includes(word);
}

/** Longest that is spent on showing pictures, ms: who waits for a path does not wait for more. */
const longestMs = 4000;

/**
 * Shows pictures at the terminal of stderr, if stdout is one, too. Never rejects: a picture that cannot be shown is there all the same.
 */
export async function showPreview(tiles: readonly Tile[], word: PreviewWord, signal: AbortSignal): Promise<void> {
  const { stderr, stdout } = process;
  if (tiles.length === 0 || word === 'none' || !stderr.isTTY || !stdout.isTTY) return;
  try {
    const { findProtocol } = await import('../../print/preview/protocol.ts');
    const protocol = await findProtocol(word, stderr);
    if (!protocol) return;
    const { previewText, roomOf } = await import('../../print/preview/preview.ts');
    const limited = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
    stderr.write(await previewText(tiles, { protocol, room: roomOf(stderr, protocol), signal: limited }));
  } catch {
    // The paths are what counts.
  }
}
