// Where the rows come from: a file, or stdin, which is kept so that it can be read twice, and compared by the next run.

import { createWriteStream, rmSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ImageError, type Json } from '@anyimage/core';
import { type RowFormat, rowFormatOf } from '@anyimage/host';
import type { BatchFlags } from '../../../request/batch-flags.ts';
import { openPipe } from '../../../request/input-pipes.ts';

export interface RowsSource {
  /** A file. */
  readonly path: string;
  readonly format: RowFormat;
  /** What it is called: of a file its name without an ending. */
  readonly name: string;
  /** What is called so in a message: of stdin not the file that it was kept in. */
  told(error: ImageError): ImageError;
  /** Keeps what came from stdin in the folder of the batch. */
  keepIn(folder: string): Promise<void>;
  /** Leaves nothing behind. Never rejects. */
  close(): Promise<void>;
}

/** `file`: a path, `-` for stdin, or what the shell's `<(…)` becomes. Throws `invalid-request`. */
export async function openRows(file: string, { inputFormat }: BatchFlags): Promise<RowsSource> {
  const stream = await streamOf(file);
  const format = inputFormat ?? rowFormatOf(file);
  if (stream) return spooled(stream, format);
  const name = basename(file, extname(file)) || 'batch';
  return { path: file, format, name, told: (error) => error, keepIn: async () => {}, close: async () => {} };
}

async function streamOf(file: string): Promise<Readable | undefined> {
  if (file !== '-') {
    const pipe = await openPipe(file, 'file').catch(() => undefined);
    return pipe && Readable.fromWeb(pipe as ReadableStream);
  }
  if (!process.stdin.isTTY) return process.stdin;
  throw new ImageError('invalid-request', 'nothing is piped in', {
    details: { option: 'file', asked: file },
    hint: 'Pipe prompts in, one a line, or give the path of a file.',
  });
}

async function spooled(stream: Readable, format: RowFormat): Promise<RowsSource> {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-batch-'));
  const path = join(folder, `rows.${format}`);
  const kept = goneAtTheEnd(folder);
  const close = async () => {
    kept.letSignals();
    kept.remove();
  };
  try {
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    path,
    format,
    name: 'batch',
    told: (error) => calledStdin(error, path),
    async keepIn(place) {
      await copyFile(path, join(place, `batch-rows.${format}`));
      kept.letSignals();
    },
    close,
  };
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Whatever ends the process removes the folder first. Signals end it at once, until whoever works on listens for them. */
function goneAtTheEnd(folder: string): { letSignals(): void; remove(): void } {
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  const end = (name: NodeJS.Signals) => process.exit(signals[name as keyof typeof signals]);
  process.on('exit', remove);
  for (const name of Object.keys(signals)) process.on(name, end);
  return {
    letSignals() {
      for (const name of Object.keys(signals)) process.off(name, end);
    },
    remove,
  };
}

function calledStdin(error: ImageError, path: string): ImageError {
  const { code, message, hint, ...facts } = error.toJSON() as { readonly [name: string]: Json };
  if (!String(message).includes(path)) return error;
  const named = String(message).replaceAll(path, 'standard input');
  return new ImageError(code as ImageError['code'], named, { ...facts, hint: String(hint), cause: error });
}
