// An answer as one plain text, in the words of the server whose place is taken.

import { readFile, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { cleanText, isRecord, type Json, messageOf, omit, quotedWord } from '@anyimage/core';
import { errorCode, sidecarOf } from '@anyimage/host';
import type { ToolResult } from '../results/tool-result.ts';

export interface PlainWords {
  /** What stands before the path: `Image saved to: `. */
  readonly saved: string;
  /** What a failure begins with. */
  readonly failing: string;
  /** The tool that was called. */
  readonly tool: string;
  /** What the caller should know besides. */
  readonly notes: readonly string[];
}

/** The answer with its text alone: where the picture lies, why there is none, or how to fetch it. */
export async function plainAnswer(result: ToolResult, words: PlainWords): Promise<ToolResult> {
  const { images, errors, pending } = result.structuredContent ?? {};
  const [image] = recordsIn(images);
  const [error] = recordsIn(errors);
  const [open] = recordsIn(pending);
  const isLost = !image && (error !== undefined || open?.state === 'uncertain');
  const lines = image ? await savedLines(image, words) : error ? failureLines(error, words) : openLines(open, words);
  return {
    ...omit(result, 'structuredContent', 'isError'),
    content: [{ type: 'text', text: cleanText(lines.join('\n')) }],
    ...(isLost && { isError: true }),
  };
}

async function savedLines({ path }: Record, { saved, notes }: PlainWords): Promise<string[]> {
  const place = String(path);
  const sidecar = await sidecarOf(place);
  const changes = sidecar?.applied?.filter(({ option }) => option !== 'prompt') ?? [];
  return [
    `${saved}${await asPng(place)}`,
    ...(sidecar?.sourceUrl === undefined ? [] : [`Remote URL: ${sidecar.sourceUrl}`]),
    ...notes.map((note) => `Note: ${note}.`),
    ...changes.map(({ option, because }) => `Note: ${option} was changed (${because}).`),
  ];
}

function failureLines({ code, message, hint, mayHaveBeenBilled }: Record, { failing, notes }: PlainWords): string[] {
  return [
    `${failing}${message} [${code}]`,
    ...(hint ? [`What to do: ${hint}`] : []),
    ...(mayHaveBeenBilled ? ['It may have been billed.'] : []),
    ...notes.map((note) => `Note: ${note}.`),
  ];
}

function openLines(open: Record | undefined, { failing, tool }: PlainWords): string[] {
  if (open?.state === 'uncertain') {
    const id = quotedWord(String(open.id));
    return [
      `${failing}nobody can tell whether the service took this request: it may have been billed (${id}).`,
      'What to do: the person looks at the account; in other words the prompt is a new request.',
    ];
  }
  return [
    'The image is still being made.',
    `What to do: call ${tool} again with the same arguments: it waits for this image, which is billed only once.`,
  ];
}

/** The picture as png: what the service sent in another format is converted, and stays beside it. */
async function asPng(path: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  if (ext.toLowerCase() === '.png') return path;
  const png = join(dir, `${name}.png`);
  try {
    const { imageCodec } = await import('@anyimage/host/codec');
    const { pictureFacts } = await import('@anyimage/core');
    const bytes = await readFile(path);
    const facts = pictureFacts(bytes);
    if (!facts) return path;
    const { width, height, mediaType } = facts;
    const converted = await imageCodec().convert(
      { as: 'bytes', bytes, mediaType, width, height },
      { mediaType: 'image/png', width, height },
    );
    await writeFile(png, converted.bytes, { flag: 'wx' });
    return png;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return png;
    process.stderr.write(`${cleanText(messageOf(error))}\n`);
    return path;
  }
}

type Record = { readonly [name: string]: Json };

function recordsIn(value: Json | undefined): readonly Record[] {
  return Array.isArray(value) ? (value.filter(isRecord) as Record[]) : [];
}
