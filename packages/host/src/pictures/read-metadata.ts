// How a picture was made, read from its own file, where `embedMetadata` wrote it. Anybody can write such words: nothing vouches for them.

import { readFile } from 'node:fs/promises';
import { type ImageFacts, pictureFacts } from '@anyimage/core';
import type { Sidecar } from '../library/sidecar.ts';
import { containers } from './metadata-places.ts';
import { namespace } from './metadata-text.ts';

/** What a file says of itself, and what it is. */
export interface TellingFile extends Pick<Sidecar, 'prompt' | 'model' | 'seed' | 'createdAt'> {
  /** What wrote it, such as `anyimage 1.0.0`. */
  readonly software: string;
  readonly facts: ImageFacts;
  /** The size of the file. */
  readonly bytes: number;
}

/** Longest packet that is read, bytes: the longest prompt stands in it twice. */
const longestPacket = 8 * 2 ** 20;

/** Reads what anyimage wrote into a copy; `undefined` for what has none of it, is no picture, or cannot be read. Never rejects. */
export async function readEmbedded(path: string): Promise<TellingFile | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const facts = bytes && pictureFacts(bytes);
  const container = facts && containers[facts.mediaType];
  if (!bytes || !container) return undefined;
  const packet = container.readXMP(bytes);
  if (!packet || packet.length > longestPacket) return undefined;
  const told = wordsIn(packet.toString());
  return told && { ...told, facts, bytes: bytes.length };
}

/** Of a packet in the form in which we write it; what another program wrote anew may have another. */
function wordsIn(xmp: string): Omit<TellingFile, 'facts' | 'bytes'> | undefined {
  const [software, model] = [textOf(xmp, 'xmp:CreatorTool'), textOf(xmp, 'Iptc4xmpExt:AISystemUsed')];
  const sent = textOf(xmp, 'Iptc4xmpExt:AIPromptInformation');
  const isOurs = xmp.includes(`xmlns:anyimage="${namespace}"`) && /^anyimage /.test(software ?? '');
  if (!isOurs || software === undefined || !model || sent === undefined) return undefined;
  const seed = textOf(xmp, 'anyimage:seed');
  const createdAt = textOf(xmp, 'xmp:CreateDate');
  return {
    software,
    model,
    prompt: { original: textOf(xmp, 'dc:description') ?? sent, sent },
    ...(/^\d{1,15}$/.test(seed ?? '') && { seed: Number(seed) }),
    ...(createdAt !== undefined && !Number.isNaN(Date.parse(createdAt)) && { createdAt }),
  };
}

function textOf(xmp: string, element: string): string | undefined {
  const text = new RegExp(`<${element}>(?:<rdf:Alt><rdf:li[^>]*>)?([^<]*)<`).exec(xmp)?.[1];
  return text?.replace(/&#(\d{1,6});/g, (_, code) => String.fromCodePoint(Number(code)));
}
