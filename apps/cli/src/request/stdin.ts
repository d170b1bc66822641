// What comes on stdin: a prompt, or a picture. Whoever waits for it can be told when nothing comes.

import { fstatSync } from 'node:fs';
import { Readable } from 'node:stream';
import { ImageError, messageOf, pictureFacts } from '@anyimage/core';
import { errorCode } from '@anyimage/host';

/** Called once if nothing came for a while: `what` is waited for. */
export type OnSilence = (what: 'prompt' | 'picture') => void;

/** After so long, ms, a person wonders what happens. */
const silenceMs = 2000;
/** A longer text is no prompt, bytes. */
const longestPrompt = 4 * 2 ** 20;

/** The name of stdin among pictures. */
export const stdinName = '-';

/** Whether a picture is named that comes on stdin. */
export function isStdin(input: unknown): boolean {
  return typeof input === 'string' && /^(?:-|\/dev\/(?:stdin|fd\/0)|\/proc\/self\/fd\/0)$/.test(input);
}

/** Whether something is piped in: stdin is a pipe or a file, and neither a terminal nor nothing at all. */
export function isPiped(): boolean {
  try {
    const found = fstatSync(0);
    return found.isFIFO() || found.isSocket() || found.isFile();
  } catch {
    return false;
  }
}

/**
 * The prompt on stdin, without its last line break. Throws `invalid-request` for what cannot be read, is no text, or is longer than any
 * prompt.
 */
export async function readPromptOn(stdin: Readable, onSilence: OnSilence): Promise<string> {
  const bytes = await readAll(stdin, onSilence);
  if (pictureFacts(bytes)) {
    throw refused('what comes on stdin is a picture, not a prompt', 'Give it as a picture: -i - "make it night".');
  }
  const text = textOf(bytes);
  if (text === undefined) throw refused('what comes on stdin is no text', 'Pipe in the prompt as UTF-8 text.');
  return text.replace(/\r?\n$/, '');
}

async function readAll(stdin: Readable, onSilence: OnSilence): Promise<Buffer> {
  const endSilence = tellSilence(() => onSilence('prompt'));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stdin) {
      endSilence();
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > longestPrompt) {
        throw refused(`what comes on stdin is longer than ${longestPrompt} bytes`, 'Pipe in a prompt.');
      }
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (ImageError.isInstance(error)) throw error;
    const problem = errorCode(error) === 'EISDIR' ? 'it is a folder' : messageOf(error);
    throw refused(`stdin cannot be read: ${problem}`, 'Pipe in a text, or write the prompt in quotation marks.', error);
  } finally {
    endSilence();
  }
}

/** `undefined` for bytes that are no text. Windows pipes UTF-16, and begins texts with a mark. */
function textOf(bytes: Buffer): string | undefined {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The picture on stdin, read when it is asked for. Throws `invalid-request` if that is a terminal. */
export function pictureOn(
  stdin: Readable & { readonly isTTY?: boolean },
  onSilence: OnSilence,
): ReadableStream<Uint8Array> {
  if (stdin.isTTY) {
    throw refused('stdin is a terminal: no picture is piped in', 'Pipe one in: cat boat.png | anyimage edit - "…".');
  }
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let endSilence: (() => void) | undefined;
  let isEmpty = true;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        reader ??= (Readable.toWeb(stdin) as ReadableStream<Uint8Array>).getReader();
        endSilence ??= tellSilence(() => onSilence('picture'));
        const { done, value } = await reader.read().finally(endSilence);
        isEmpty &&= done;
        if (isEmpty) controller.error(refused('nothing came on stdin', 'Pipe a picture in, or give its file.'));
        else if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void stdin.destroy(),
    },
    { highWaterMark: 0 },
  );
}

function tellSilence(tell: () => void): () => void {
  const timer = setTimeout(tell, silenceMs);
  return () => clearTimeout(timer);
}

function refused(message: string, hint: string, cause?: unknown): ImageError {
  return new ImageError('invalid-request', message, { hint, ...(cause !== undefined && { cause }) });
}
