// A body read for what it is, whatever its label says: services and what stands before them mislabel their answers.

import { readEvents } from './events.ts';
import { parseJsonStream } from './json-stream.ts';
import { beginsAsPicture } from './picture-head.ts';

/** Several messages that came as one body: server-sent events, or JSON in lines. */
export interface Messages {
  readonly messages: readonly unknown[];
}

/**
 * A picture as its bytes, JSON parsed as `Answer.json` does, events and lines of JSON as {@link Messages}, anything else as text;
 * undefined for a web page, which is no service's answer.
 */
export async function readLoosely(bytes: Uint8Array): Promise<unknown> {
  if (beginsAsPicture(bytes)) return bytes;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1000))
    .toString()
    .replace(/^[\ufeff\s]+/, '');
  if (/^<(!doctype html|html|head|body)\b/i.test(start)) return undefined;
  if (/^(data|event|id|retry|)[ \t]*:/.test(start)) return { messages: await eventsIn(bytes) };
  return (await jsonOf(bytes)) ?? (await linesOf(bytes)) ?? new TextDecoder().decode(bytes);
}

/** Also the last event of a body that ends without the empty line after it. */
async function eventsIn(bytes: Uint8Array): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const { data } of readEvents(chunks(bytes, Buffer.from('\n\n')))) {
    if (data.trim() !== '[DONE]') messages.push((await jsonOf(Buffer.from(data))) ?? data);
  }
  return messages;
}

async function linesOf(bytes: Uint8Array): Promise<Messages | undefined> {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const messages: unknown[] = [];
  for (const line of lines.filter((text) => text.trim())) {
    const message = await jsonOf(Buffer.from(line));
    if (message === undefined) return undefined;
    messages.push(message);
  }
  return messages.length > 1 ? { messages } : undefined;
}

function jsonOf(bytes: Uint8Array): Promise<unknown> {
  return parseJsonStream(chunks(bytes)).catch(() => undefined);
}

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
