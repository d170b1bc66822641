// A body as a log may show it: names, numbers and short words as they are; of what a person wrote, of pictures and of addresses how much.

import type { Json } from '../contract/capabilities.ts';
import { isRecord } from '../contract/objects.ts';

/** Names, in the APIs of services, of what a person wrote or is called by. */
const personal = /prompt|text|content|instruction|caption|query|^user|^input$/i;
/** Names of what a service says of itself. */
const said = /message|error|detail|reason|code|status|title|type/i;
/** A longer word is no name of anything, characters. */
const longestWord = 64;
/** More levels than a service has. */
const mostLevels = 8;

/**
 * A body, and each of its parts by the name that it stands under. Texts that a service says of itself are shown whole; whoever logs bounds
 * them.
 */
export function shownBody(body: unknown, name = '', levels = mostLevels): Json {
  if (typeof body === 'string') return shownText(body, name);
  if (typeof body !== 'object' || body === null) return (body ?? null) as Json;
  if (body instanceof Uint8Array) return `(${body.length} bytes)`;
  if (body instanceof Blob) return `(${body.size} bytes, ${body.type || 'no type'})`;
  if (levels === 0) return '…';
  if (Array.isArray(body)) return body.map((one) => shownBody(one, name, levels - 1));
  const entries = body instanceof FormData ? [...body] : isRecord(body) ? Object.entries(body) : [];
  return Object.fromEntries(entries.map(([key, value]) => [key, shownBody(value, key, levels - 1)]));
}

function shownText(text: string, name: string): string {
  // The path of a URL may be the key to it.
  if (/^https?:/i.test(text)) return `${URL.parse(text)?.origin ?? 'a URL'}/… (${text.length} characters)`;
  const isWord = text.length <= longestWord && /^[\x21-\x7e]*$/.test(text);
  if (!personal.test(name) && (isWord || (said.test(name) && !/^data:/i.test(text)))) return text;
  return `(${text.length} characters)`;
}
