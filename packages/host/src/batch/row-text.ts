// The text of a file of rows, while it is read: in UTF-8, or in UTF-16 if it says so, and never held as a whole.

import type { FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { ImageError } from '@anyimage/core';
import { openFile } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';

/** The longest row, characters: the longest prompt of any service is far from it. */
export const longestRow = 2 ** 20;

/** The text of a file, in pieces. Throws `invalid-request` for what is no file, or no text, `storage` for what cannot be read. */
export async function* textOf(path: string): AsyncGenerator<string> {
  const file = await openRows(path);
  try {
    let decoder: TextDecoder | undefined;
    for await (const chunk of chunksOf(file, path)) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decode(decoder, chunk, path);
    }
    yield decode(decoder ?? new TextDecoder(), undefined, path);
  } finally {
    await file.close();
  }
}

/** Its lines without their ends, each with its number, from 1. Throws as `textOf`, and `invalid-request` for a line that is too long. */
export async function* linesOf(path: string): AsyncGenerator<readonly [line: number, text: string]> {
  let line = 0;
  let rest = '';
  for await (const text of textOf(path)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const one of lines) {
      line += 1;
      yield [line, whole(one, line, path)];
    }
    whole(rest, line + 1, path);
  }
  if (rest !== '') yield [line + 1, whole(rest, line + 1, path)];
}

function whole(text: string, line: number, path: string): string {
  if (text.length > longestRow) throw tooLong(path, line);
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

export function tooLong(path: string, line: number): ImageError {
  const hint = 'No service takes a prompt that long. Is it a file of prompts?';
  return refused(path, `line ${line} of ${path} is longer than ${longestRow} characters`, hint, line);
}

/** The refusal of a file, or of a line of it. */
export function refused(path: string, message: string, hint: string, line?: number): ImageError {
  return new ImageError('invalid-request', message, { details: { path, ...(line !== undefined && { line }) }, hint });
}

async function openRows(path: string): Promise<FileHandle> {
  try {
    return await openFile(path);
  } catch (error) {
    const [problem, hint] = problems[errorCode(error)] ?? [];
    if (problem !== undefined) throw refused(path, `${path} ${problem}`, hint!);
    throw storageError(error, `read ${path}`, path);
  }
}

const howToGive = 'Give the path of a .txt, .csv or .jsonl file, or - to read stdin.';
const problems: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ENOENT: ['does not exist', howToGive],
  ENOTDIR: ['does not exist', howToGive],
  EISDIR: ['is a folder', howToGive],
  EFTYPE: ['is a pipe or a device, not a file', howToGive],
  EACCES: ['may not be read', 'Change its permissions, or give another file.'],
};

async function* chunksOf(file: FileHandle, path: string): AsyncGenerator<Buffer> {
  const size = 64 * 1024;
  for (let position = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, position).catch((error) => {
      throw storageError(error, `read ${path}`, path);
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** By the mark at the beginning. */
function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function decode(decoder: TextDecoder, chunk: Buffer | undefined, path: string): string {
  let text: string | undefined;
  try {
    text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    // What follows says so.
  }
  if (text !== undefined && !text.includes('\0')) return text;
  const hint = 'Save it as text in UTF-8: one prompt a line, a CSV with a header, or a JSON object a line.';
  throw refused(path, `${path} is no text in UTF-8`, hint);
}
