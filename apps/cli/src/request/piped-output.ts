// `-o` with a pipe or a device: the picture is kept as if no output was named, and its bytes go there, too.

import { constants, createWriteStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GeneratedImage, ImageError, messageOf } from '@anyimage/core';

/** Where the bytes of one picture go besides. */
export interface PipedOutput {
  readonly path: string;
  /** Resolves when all is written; a pipe waits for who reads it, until `signal`. Throws `storage`. */
  send(image: GeneratedImage, signal: AbortSignal): Promise<void>;
}

export interface PipedWords {
  /** How many pictures are asked for. */
  readonly n: number;
  /** Whether stdout is for a document. */
  readonly json: boolean;
}

/** The shell's names of open files; `-o >(command)` is one of them. */
const ownStdout = /^(-|\/(dev\/(stdout|fd\/1)|proc\/self\/fd\/1))$/;
const openFile = /^\/(dev\/(stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** `undefined` if the output is a file or folder, or is to become one. Throws `invalid-request` for what cannot go through a pipe. */
export async function pipedOutput(path: string | undefined, { n, json }: PipedWords): Promise<PipedOutput | undefined> {
  if (path === undefined) return undefined;
  const found = await stat(path).catch(() => undefined);
  const isSpecial = found !== undefined && !found.isFile() && !found.isDirectory() && !found.isSocket();
  const isStdout = ownStdout.test(path);
  if (!isSpecial && !isStdout && !openFile.test(path)) return undefined;
  if (isStdout && process.stdout.isTTY)
    throw refused(path, 'stdout is a terminal', 'Redirect it to a file or a program.');
  if (isStdout && json) throw refused(path, '--json prints to stdout, too', 'Leave one of the two out.');
  if (n > 1) throw refused(path, `${n} pictures cannot go through one pipe`, 'Ask for one picture, or name a folder.');
  return {
    path,
    async send(image, signal) {
      try {
        const target = isStdout ? process.stdout : await openTarget(path, found?.isFIFO() ?? false, signal);
        await pipeline(Readable.fromWeb(image.stream()), target, { end: !isStdout, signal });
      } catch (error) {
        throw new ImageError('storage', `could not write the picture to ${path}: ${messageOf(error)}`, {
          cause: error,
          details: { option: 'output', path },
          hint: `It is kept: ${image.path}.`,
        });
      }
    },
  };
}

/** How often it is looked whether somebody reads a pipe by now, ms. */
const lookMs = 100;

/** A pipe is opened and written without blocking: a process that is blocked by one cannot even be ended. */
async function openTarget(path: string, isPipe: boolean, signal: AbortSignal): Promise<NodeJS.WritableStream> {
  if (!isPipe) return createWriteStream(path, { flags: 'a' });
  for (;;) {
    const fd = openIfRead(path);
    if (fd !== undefined) return new Socket({ fd, readable: false });
    await sleep(lookMs, undefined, { signal });
  }
}

/** `undefined` while nobody reads the pipe. */
function openIfRead(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}

function refused(path: string, problem: string, hint: string): ImageError {
  return new ImageError('invalid-request', `output: ${problem}`, { details: { option: 'output', asked: path }, hint });
}
