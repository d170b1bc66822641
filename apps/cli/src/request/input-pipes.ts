// Input pictures that are no files on a disk. What the shell hands over is read as a stream, which can be given up at any time;
// a pipe with a name may never get a writer, and the system waits for one beyond every signal and deadline.

import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ImageError, type ImageInput } from '@anyimage/core';
import { isFileName } from '@anyimage/host';

/** What the shell's `|` and `<(…)` become. The descriptors of another process are not ours to read. */
const descriptor = new RegExp(`^/(?:dev/(?:(stdin)|fd/(\\d+))|proc/(?:self|${process.pid})/fd/(\\d+))$`);

/**
 * The bytes of what the shell pipes in, read when they are asked for; `undefined` for an ordinary path or URL, also of what
 * does not exist. Throws `invalid-request`, naming `option`, for pipes with a name and for devices.
 */
export async function openPipe(input: ImageInput, option: string): Promise<ReadableStream<Uint8Array> | undefined> {
  const path = pathOf(input);
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !found || found.isFile() || found.isDirectory()) return undefined;
  const [, stdin, ...numbers] = descriptor.exec(path) ?? [];
  const fd = stdin ? 0 : Number(numbers.find(Boolean) ?? Number.NaN);
  if (fd >= 0 && (found.isFIFO() || found.isSocket())) return lazyStream(fd);
  throw new ImageError('invalid-request', `${path} is ${kindOf(found)}, not a file`, {
    details: { option, asked: path },
    hint: 'Give the path of a picture, or pipe its bytes in and give /dev/stdin.',
  });
}

function pathOf(input: ImageInput): string | undefined {
  const text = typeof input === 'string' || input instanceof URL ? String(input) : undefined;
  if (text === undefined || !isFileName(text)) return undefined;
  try {
    return /^file:/i.test(text) ? fileURLToPath(text) : text;
  } catch {
    return undefined; // core says what is wrong with it
  }
}

/** Takes the descriptor with the first read: one that is open and not read would keep the process from ending. */
function lazyStream(fd: number): ReadableStream<Uint8Array> {
  let socket: Socket | undefined;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        socket ??= new Socket({ fd, readable: true, writable: false });
        reader ??= (Readable.toWeb(socket) as ReadableStream<Uint8Array>).getReader();
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void socket?.destroy(),
    },
    { highWaterMark: 0 },
  );
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}
