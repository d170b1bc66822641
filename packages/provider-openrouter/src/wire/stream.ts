// Server-sent events of a picture in the making. Source: docs/providers/openrouter.md, section 3.

import * as z from 'zod';

const message = z.object({
  type: z.string().nullish().catch(undefined),
  b64_json: z.string().min(1).nullish().catch(undefined),
  error: z.unknown().optional(),
});

/** What one event means. `done` and `failed` hold the body as an answer without streaming would. */
export type StreamEvent = { readonly partial: Uint8Array } | { readonly done: unknown } | { readonly failed: unknown };

/** Reads one event; `undefined` for one that says nothing to us, such as a piece of a drawing's text: the picture may still come. */
export function readEvent({ event, data }: { event: string; data: string }): StreamEvent | undefined {
  const body = parse(data);
  const read = message.safeParse(body).data;
  if (!read) return undefined;
  // The name of the event is also in the data.
  const type = event === 'message' ? (read.type ?? '') : event;
  const { b64_json: base64 } = read;
  if (type === 'error' || (read.error && !base64)) return { failed: body };
  if (!base64) return undefined;
  if (type.endsWith('.partial_image')) return { partial: new Uint8Array(Buffer.from(base64, 'base64')) };
  return type.endsWith('.completed') ? { done: { ...(body as object), data: [body] } } : undefined;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
