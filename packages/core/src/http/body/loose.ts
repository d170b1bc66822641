// A body read for what it is, whatever its label says: services and what stands before them mislabel their answers.

import { gunzipSync } from 'node:zlib';
import { isRecord } from '../../contract/objects.ts';
import { type Documents, documentsIn } from './documents.ts';
import { readEvents } from './events.ts';
import { parseJsonStream } from './json-stream.ts';
import { beginsAsPicture } from './picture-head.ts';

/** Several messages that came as one body: server-sent events, parts, or JSON documents with what stands around them. */
export interface Messages {
  readonly messages: readonly unknown[];
}

export function isMessages(body: unknown): body is Messages {
  return isRecord(body) && Object.keys(body).length === 1 && Array.isArray(body.messages);
}

/** Longest body that is unpacked, bytes. */
const longestUnpacked = 176 * 2 ** 20;
/** More events are not looked at. */
const mostEvents = 50_000;
/** Bytes. */
const pieceLength = 64 * 1024;

/**
 * A picture as its bytes, JSON parsed as `Answer.json` does, events, parts and documents of JSON as {@link Messages}, anything else as
 * text; undefined for a web page, which is no service's answer. What is packed is unpacked first.
 */
export async function readLoosely(bytes: Uint8Array): Promise<unknown> {
  if (beginsAsPicture(bytes)) return bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return readUnpacked(bytes);
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1000))
    .toString()
    .replace(/^[\ufeff\s]+/, '');
  if (/^<(!doctype html|html|head|body)\b/i.test(start)) return undefined;
  const [boundary] = /^--[^\s"]{1,70}(?=\r\n[\w-]+:)/.exec(start) ?? [];
  if (boundary !== undefined) return { messages: await partsIn(bytes, boundary) };
  const isEvents = /^(data|event|id|retry|)[ \t]*:/.test(start) && !/^data:[\w.+-]+\/[\w.+-]+[;,]/i.test(start);
  if (isEvents) return { messages: await eventsIn(bytes) };
  const json = await jsonOf(bytes);
  if (json !== undefined) return json;
  const text = new TextDecoder().decode(bytes);
  const found = documentsIn(text);
  return found ? messagesOf(found) : text;
}

/** Documents, and behind them the text that stands around them. */
export function messagesOf({ documents, rest }: Documents): Messages {
  return { messages: rest.trim() ? [...documents, rest] : documents };
}

/** What a gateway packed and did not label so; text if it cannot be unpacked. */
function readUnpacked(bytes: Uint8Array): Promise<unknown> | string {
  try {
    return readLoosely(gunzipSync(bytes, { maxOutputLength: longestUnpacked }));
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** The contents of a multipart body, each read by itself. */
async function partsIn(bytes: Uint8Array, boundary: string): Promise<unknown[]> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: unknown[] = [];
  let from = body.indexOf(boundary);
  while (from >= 0) {
    const next = body.indexOf(`\r\n${boundary}`, from);
    const content = body.indexOf('\r\n\r\n', from) + 4;
    if (content < 4 || (next >= 0 && content > next)) break;
    parts.push(await readLoosely(body.subarray(content, next < 0 ? body.length : next)));
    from = next < 0 ? next : next + 2;
  }
  return parts;
}

/** Also the last event of a body that ends without the empty line after it. */
async function eventsIn(bytes: Uint8Array): Promise<unknown[]> {
  const messages: unknown[] = [];
  for await (const { data } of readEvents(inPieces(bytes))) {
    if (data.trim() !== '[DONE]') messages.push((await jsonOf(Buffer.from(data))) ?? data);
    if (messages.length >= mostEvents) break;
  }
  return messages;
}

function jsonOf(bytes: Uint8Array): Promise<unknown> {
  return parseJsonStream(chunks(bytes)).catch(() => undefined);
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A few lines at a time, and an empty one at the end. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceLength) yield bytes.subarray(from, from + pieceLength);
  yield Buffer.from('\n\n');
}
