// Reads the body of a request as what it says it is.

import type { IncomingMessage } from 'node:http';

const limit = 256 * 1024 * 1024;

/** A request's body: as a value to note, and as a form if it was one. */
export interface RequestBody {
  /** Parsed JSON; the fields of a form, files as type, name and size; else text. `undefined` if empty or not parseable. */
  readonly value: unknown;
  readonly form?: FormData;
}

/** Reads to the end. Throws if the connection breaks first, or past 256 MiB. */
export async function readBody(message: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Error(`the request is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) return { value: undefined };
  const bytes = Buffer.concat(chunks);
  const type = message.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type);
  const text = bytes.toString();
  return { value: type.startsWith('application/json') ? parseJSON(text) : text };
}

/** `undefined` for what is no JSON. */
export function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readForm(bytes: Buffer<ArrayBuffer>, type: string): Promise<RequestBody> {
  try {
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    const fields: Record<string, unknown[]> = {};
    for (const [name, value] of form) {
      const shown = typeof value === 'string' ? value : { type: value.type, name: value.name, size: value.size };
      fields[name] = [...(fields[name] ?? []), shown];
    }
    const value = Object.fromEntries(
      Object.entries(fields).map(([name, all]) => [name, all.length > 1 ? all : all[0]]),
    );
    return { value, form };
  } catch {
    return { value: undefined };
  }
}
