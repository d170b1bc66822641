// How the pictures of an answer reach a client: previews, links, and what the agent is to do for the person to see them.

import { messageOf } from '@anyimage/core';
import { makePreview } from '@anyimage/host';
import type { AnswerImage } from './answer.ts';
import { pictureFile } from './picture-file.ts';
import type { ClientProfile } from './profiles.ts';
import type { Content, NextStep } from './tool-result.ts';

/** What previews may take in all, ms: a client waits for the answer. */
const previewsMs = 8000;
/** Longest preview of one of several pictures, characters of base64. */
const longestPreview = 100_000;
/** Longest preview of a view that was asked for, in shares of what a profile has for all. */
const viewShare = 1.5;

/** How a picture is shown: its file, and whether as somebody asked for it. */
export interface ShownPicture {
  /** What is previewed. */
  readonly path: string;
  /** The full picture, if that is another. */
  readonly full?: string;
  /** Its own longest side, px: an asked view is not made smaller than it has to be. */
  readonly side?: number;
}

/** Previews of the first pictures, and links to all. A preview that cannot be made is no reason to fail. */
export async function showPictures(pictures: readonly ShownPicture[], client: ClientProfile): Promise<Content[]> {
  const { count, bytes } = client.preview;
  const shown = Math.min(pictures.length, count);
  const share = Math.floor(bytes / Math.max(1, shown));
  const signal = AbortSignal.timeout(previewsMs);
  const content: Content[] = [];
  for (const [index, picture] of pictures.entries()) {
    const maxLength = picture.side === undefined ? Math.min(longestPreview, share) : Math.floor(share * viewShare);
    if (index < shown) content.push(await previewOf(picture, { client, maxLength, signal }));
    const file = client.link && (await pictureFile(picture.path).catch(() => undefined));
    if (!file) continue;
    const { uri, name, mediaType, bytes: size } = file;
    const description = picture.full === undefined ? 'The full picture.' : 'The view.';
    content.push({ type: 'resource_link', uri, name, mimeType: mediaType, size, description, ...annotated(client) });
  }
  if (shown > 0 && pictures.length > shown) {
    content.push({ type: 'text', text: `Previews are of the first ${shown} pictures.` });
  }
  return content;
}

async function previewOf(
  { path, side }: ShownPicture,
  how: { readonly client: ClientProfile; readonly maxLength: number; readonly signal: AbortSignal },
): Promise<Content> {
  const { client, maxLength, signal } = how;
  const { format, side: usualSide } = client.preview;
  try {
    const preview = await makePreview(path, { side: side ?? usualSide, format, maxLength, signal });
    return { type: 'image', ...preview, ...annotated(client) };
  } catch (error) {
    const reason = signal.aborted ? 'previews take too long here' : messageOf(error).split('\n')[0];
    return { type: 'text', text: `No preview of ${path}: ${reason}` };
  }
}

function annotated({ audience }: ClientProfile) {
  return audience && { annotations: { audience } };
}

/** What the agent is to do with pictures that are here, for the person, and itself, to see them. */
export function showStep(images: readonly AnswerImage[], client: ClientProfile): NextStep | undefined {
  const them = images.length === 1 ? 'the path of the picture' : 'the paths of the pictures';
  const say = [
    client.tellsPath && `Show the person ${them}: they may see nothing else.`,
    client.readsFiles && client.structureHidesPictures && 'To look at it yourself, open the file.',
  ]
    .filter(Boolean)
    .join(' ');
  return say ? { say } : undefined;
}
