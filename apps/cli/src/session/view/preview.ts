// Whether and how pictures are shown at this terminal.

import { ImageError, nearest } from '@anyimage/core';
import { type Config, type PreviewWord, previewWords } from '@anyimage/host';
import type { PartialPictures } from '../../print/preview/partial-pictures.ts';
import type { Tile } from '../../print/preview/preview.ts';
import type { Protocol } from '../../print/preview/protocol.ts';

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

/** How pictures are shown at the terminal of stderr, if stdout is one, too; `undefined`: not at all. Never rejects. */
export async function openView(word: PreviewWord): Promise<Protocol | undefined> {
  const { stderr, stdout } = process;
  if (word === 'none' || !stderr.isTTY || !stdout.isTTY) return undefined;
  try {
    const { findProtocol } = await import('../../print/preview/protocol.ts');
    return await findProtocol(word, stderr);
  } catch {
    return undefined;
  }
}

/** What draws pictures at the terminal of stderr; empty where they cannot be shown. Never rejects: they are there all the same. */
export async function previewText(tiles: readonly Tile[], protocol: Protocol, signal: AbortSignal): Promise<string> {
  if (tiles.length === 0) return '';
  try {
    const { previewSheet, roomOf } = await import('../../print/preview/preview.ts');
    const limited = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
    return (await previewSheet(tiles, { protocol, room: roomOf(process.stderr, protocol), signal: limited })).text;
  } catch {
    // The paths are what counts.
    return '';
  }
}

/** Shows pictures at the terminal, where it can. Never rejects. */
export async function showPreview(tiles: readonly Tile[], word: PreviewWord, signal: AbortSignal): Promise<void> {
  const protocol = tiles.length > 0 ? await openView(word) : undefined;
  if (protocol) process.stderr.write(await previewText(tiles, protocol, signal));
}

/** What is said where partial pictures were asked for and cannot be seen: they may cost something, so none is asked for. */
export const unseenPartials = 'partial pictures are shown at a terminal alone, and with a preview: none is asked for';

/** Shows partial pictures as they come, below the rows of what is on its way. `total`: how many pictures there will be. */
export async function showPartials(protocol: Protocol, total: number): Promise<PartialPictures> {
  const { PartialPictures } = await import('../../print/preview/partial-pictures.ts');
  return new PartialPictures(protocol, total);
}
