// Server-sent events of a picture in the making. Source: docs/providers/openai.md, section 3.5.

import * as z from 'zod';
import { tellsError } from './errors.ts';

const words = z.string().nullish().catch(undefined);
const message = z.object({
  type: words,
  b64_json: words,
  error: z.unknown().optional(),
});

/** What one event means. `done` and `failed` hold the body as an answer without streaming would. */
export type StreamEvent = { readonly partial: Uint8Array } | { readonly done: unknown } | { readonly failed: unknown };

/** Reads one event; undefined for one that says nothing to us, or is no JSON object: the picture may still come. */
export function readEvent({ event, data }: { event: string; data: string }): StreamEvent | undefined {
  if (data.trim() === '[DONE]') return undefined;
  const body = parse(data);
  const read = message.safeParse(body).data;
  if (!read) return undefined;
  // The name of the event is also in the data; some servers leave one of them out.
  const type = event === 'message' ? (read.type ?? '') : event;
  if (type === 'error' || (tellsError(read.error) && !read.b64_json)) {
    return { failed: tellsError(read.error) ? body : { error: body } };
  }
  if (!read.b64_json) return undefined;
  if (type.endsWith('.partial_image')) {
    return { partial: new Uint8Array(Buffer.from(read.b64_json, 'base64')) };
  }
  return type.endsWith('.completed')
    ? { done: { ...(body as object), data: [{ b64_json: read.b64_json }] } }
    : undefined;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
