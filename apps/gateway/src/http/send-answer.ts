// Answers with pictures: base64 goes from the disk into the connection in pieces, and its length is known before.

import type { ServerResponse } from 'node:http';
import type { PictureStore, StoredPicture } from '../kept/pictures.ts';
import type { AnswerPicture, MadeAnswer } from '../wire/answer.ts';
import { type ErrorAnswer, Refusal } from '../wire/envelope.ts';
import { encodeBase64 } from './base64.ts';

/** Answers of up to so many bytes go out at once. */
const fewBytes = 262_144;

export interface SendOptions {
  readonly pictures: PictureStore;
  /** The URL of a picture; absent = its base64 is sent. */
  readonly urlOf?: ((picture: AnswerPicture) => Promise<string>) | undefined;
  readonly headers: { readonly [name: string]: string };
}

/** Sends it. Resolves when all was written or the connection is gone. Throws a refusal if a picture is not there any more. */
export async function sendMade(
  outgoing: ServerResponse,
  made: MadeAnswer,
  { pictures, urlOf, headers }: SendOptions,
): Promise<void> {
  const parts: Part[] = [`{"created":${made.created},"data":[`];
  for (const [index, picture] of made.pictures.entries()) {
    const open = index === 0 ? '{' : ',{';
    const facts = JSON.stringify(pictureFacts(picture)).slice(1);
    if (urlOf) parts.push(`${open}"url":${JSON.stringify(await urlOf(picture))}${facts === '}' ? '}' : `,${facts}`}`);
    else parts.push(`${open}"b64_json":"`, await stored(pictures, picture), `"${facts === '}' ? '}' : `,${facts}`}`);
  }
  const rest = JSON.stringify(made.facts).slice(1);
  parts.push(rest === '}' ? ']}' : `],${rest}`);
  const length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  outgoing.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': length });
  await writeParts(outgoing, parts, length);
  outgoing.end();
}

/** A text, or a picture that is written as base64. */
export type Part = string | Kept;

interface Kept {
  readonly stored: StoredPicture;
  readonly byteLength: number;
}

/** Throws a refusal for one that was removed. */
export async function stored(pictures: PictureStore, { ref, byteLength }: AnswerPicture): Promise<Kept> {
  const found = await pictures.find(ref);
  if (found) return { stored: found, byteLength };
  const row = { status: 410, type: 'invalid_request_error', code: 'picture_gone' };
  throw new Refusal(
    row,
    'The picture was made, and is not kept any more. Ask with another Idempotency-Key to make it anew.',
  );
}

/** Of a picture, beside its bytes. */
export function pictureFacts({ revisedPrompt, seed }: AnswerPicture): {
  readonly revised_prompt?: string;
  readonly seed?: number;
} {
  return {
    ...(revisedPrompt !== undefined && { revised_prompt: revisedPrompt }),
    ...(seed !== undefined && { seed }),
  };
}

function lengthOf(part: Part): number {
  return typeof part === 'string' ? Buffer.byteLength(part) : 4 * Math.ceil(part.byteLength / 3);
}

/** Writes them, as fast as the other side reads. `length`: of all of them, bytes. */
export async function writeParts(outgoing: ServerResponse, parts: readonly Part[], length: number): Promise<void> {
  if (length <= fewBytes) {
    const texts = await Promise.all(
      parts.map(async (part) => (typeof part === 'string' ? part : base64Of(await part.stored.bytes()))),
    );
    outgoing.write(texts.join(''));
    return;
  }
  for (const part of parts) {
    if (typeof part === 'string') await write(outgoing, part);
    else await writePieces(outgoing, base64In(part.stored.pieces()));
    if (outgoing.destroyed) return;
  }
}

/** Writes them as fast as the other side reads, until it is gone. Throws what reading them throws. */
export async function writePieces(outgoing: ServerResponse, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    await write(outgoing, piece);
    if (outgoing.destroyed) return;
  }
}

/** Resolves when the memory of the piece may be used again, or the connection is gone. */
async function write(outgoing: ServerResponse, piece: string | Uint8Array): Promise<void> {
  if (outgoing.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.off('close', done);
      resolve();
    };
    outgoing.on('close', done);
    outgoing.write(piece, done);
  });
}

/** Bytes of a picture that are encoded at a time, at most; a multiple of three. */
const groupBytes = 49_152;

/** Each piece in the memory of the one before. Three bytes are four letters: what is left of a piece goes with the next. */
async function* base64In(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const group = Buffer.allocUnsafeSlow(groupBytes);
  const letters = Buffer.allocUnsafeSlow((groupBytes / 3) * 4);
  let held = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const taken = Math.min(piece.length - from, groupBytes - held);
      group.set(piece.subarray(from, from + taken), held);
      held += taken;
      from += taken;
      if (held < groupBytes) continue;
      yield letters.subarray(0, encodeBase64(group, letters));
      held = 0;
    }
  }
  if (held > 0) yield letters.subarray(0, encodeBase64(group.subarray(0, held), letters));
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** How long who is still sending may go on with that, ms, before the connection ends. */
const drainMs = 5000;

/** Sends an error. Who is still sending reads the answer only after that: what comes is thrown away, and the connection ends. */
export function sendError(
  outgoing: ServerResponse,
  { status, headers, body }: ErrorAnswer,
  more: { readonly [name: string]: string } = {},
): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const { req: incoming } = outgoing;
  const text = JSON.stringify(body);
  const isRead = incoming.complete;
  outgoing.writeHead(status, {
    ...more,
    ...headers,
    ...(!isRead && { connection: 'close' }),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  if (isRead) {
    outgoing.end(text);
    return;
  }
  outgoing.write(text);
  const end = () => {
    clearTimeout(timer);
    outgoing.end();
  };
  const timer = setTimeout(end, drainMs).unref();
  incoming.once('end', end);
  incoming.once('close', end);
  incoming.resume();
}
