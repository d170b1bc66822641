// Pictures that an agent names: only what lies in an allowed folder is read, wherever links lead.

import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImageError, type InputBytes, isBase64Picture, quotedWord } from '@anyimage/core';
import { expandHome, isInside, isMaskShape, maskFromShape } from '@anyimage/host';
import { drawnMask, findPicture, newestPictures } from '../results/picture-file.ts';
import type { Document } from '../results/tool-result.ts';
import type { ToolContext } from './tool.ts';

export interface InputFolders {
  /** Absolute. Names without a folder are looked up here first. */
  readonly outputFolder: string;
  readonly roots: readonly string[];
  /** Asked only when the others do not hold the file. */
  readonly clientRoots: () => Promise<readonly string[]>;
  /** The paths of the newest pictures of the output folder, newest first. */
  readonly newest: (most: number) => Promise<readonly string[]>;
  /** The path of the picture with an id, `p-…`. Throws `not-found`. */
  readonly byId: (id: string) => Promise<string>;
}

/** The folders of a server and of the client that calls it. */
export function inputFolders({ services, clientRoots }: ToolContext): InputFolders {
  const { settings, history } = services;
  const { outputFolder, roots } = settings;
  const newest = async (most: number) => (await newestPictures(outputFolder, most, history)).map(({ path }) => path);
  const byId = async (id: string) => (await findPicture(id, services)).path;
  return { outputFolder, roots, clientRoots, newest, byId };
}

/** The words of a request whose pictures are found. */
export interface FoundInputs {
  /** Its pictures as core may read them. */
  readonly words: Document;
  /** Those that are to be recorded otherwise, such as a mask in words. */
  readonly written: Document;
}

/**
 * Finds the pictures of a request; one at a URL is read if a mask in words lies on it. Throws `invalid-request` for what may not be read, and
 * for a mask in words that is none, and what `Calls.readInput` throws.
 */
export async function readInputs(given: Document, context: ToolContext): Promise<FoundInputs> {
  const { images: asked = [], mask } = given as { readonly images?: readonly string[]; readonly mask?: string };
  const folders = inputFolders(context);
  const images = await Promise.all(asked.map((image) => resolveInput(image, folders)));
  const words = { ...given, ...(images.length > 0 && { images }) };
  if (mask === undefined) return { words, written: {} };
  const [first, ...more] = images;
  if (first === undefined || !isMaskShape(mask)) {
    return { words: { ...words, mask: await resolveInput(mask, folders, 'mask') }, written: {} };
  }
  // The mask has to be as large as the picture, and lie on what is there now.
  const far = /^https?:/i.test(first) ? await context.services.calls.readInput(first, context.signal) : undefined;
  const { bytes, said } = await maskFromShape(mask, far?.bytes ?? first);
  const before = Array.isArray(given.applied) ? given.applied : [];
  const read = { option: 'mask', asked: mask, sent: drawnMask, because: said };
  return {
    words: {
      ...words,
      ...(far && { images: [dataURI(far), ...more] }),
      mask: dataURI({ mediaType: 'image/png', bytes }),
      applied: [...before, read],
    },
    written: { mask, ...(far && { images }) },
  };
}

function dataURI({ mediaType, bytes }: Pick<InputBytes, 'mediaType' | 'bytes'>): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** `last`, `last:2`: a picture by how many were made after it. */
const byAge = /^(?:last|latest|newest)(?:[\s:#-]*(\d{1,4}))?$/i;
/** No system takes a longer path, characters. */
const longestPath = 4096;

/**
 * The place of an input picture as core may read it: a URL, data: URI or base64 as it is, a path, the id of a picture that was made here, or
 * `last`, as the real path of a file in an allowed folder. Throws `invalid-request`, which does not tell whether a file outside exists.
 */
export async function resolveInput(input: string, folders: InputFolders, option = 'images'): Promise<string> {
  if (/^\s*(?:anyimage:\/\/images\/)?p-[0-9a-f]+\s*$/i.test(input)) return folders.byId(input.trim());
  if (/^(https?|data):/i.test(input) || /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(input)) return input;
  if (isBase64Picture(input)) return input;
  const [isByAge, age = '1'] = byAge.exec(input.trim()) ?? [];
  if (isByAge) return byItsAge(Math.max(1, Number(age)), folders, option);
  if (input.length > longestPath) {
    const message = `${option}: a text of ${input.length} characters is neither a path nor a picture in base64`;
    throw new ImageError('invalid-request', message, {
      details: { option },
      hint: 'Give the path of the file, or its whole base64 as data:image/png;base64,…',
    });
  }
  const path = pathOf(input, option);
  const own = [folders.outputFolder, ...folders.roots];
  const found = await findIn(path, own);
  if (found) return await asFile(found, input, option);
  const more = await folders.clientRoots();
  const foundMore = await findIn(path, more);
  if (foundMore) return await asFile(foundMore, input, option);
  const allowed = [...new Set([...own, ...more])];
  const details = { option, asked: quotedWord(input, 80), allowed: allowed.slice(0, 8) };
  const shape = option === 'mask' ? 'Give the area as a shape, such as "rect 0,0,100%,40%" or "top half". Or: ' : '';
  const hint = `${shape}Give last, a file name of an answer, or a file in ${allowed.slice(0, 3).join(', ')}. Or ask the person to let this server read its folder.`;
  const inside = (await Promise.all(allowed.map((root) => liesIn(path, root)))).some(Boolean);
  const problem = inside ? 'not there, or a link that leads elsewhere' : 'outside the folders that may be read';
  throw new ImageError('invalid-request', `${option}: ${quotedWord(input, 80)} is ${problem}`, { details, hint });
}

async function byItsAge(age: number, { newest }: InputFolders, option: string): Promise<string> {
  const path = (await newest(age))[age - 1];
  if (path !== undefined) return path;
  const there = (await newest(age)).length;
  const made = there === 0 ? 'no picture was made here yet' : `only ${there} pictures are here`;
  throw new ImageError('invalid-request', `${option}: ${made}`, {
    details: { option, asked: age === 1 ? 'last' : `last:${age}` },
    hint: there === 0 ? 'Make one with generate_image first.' : `Give last to last:${there}.`,
  });
}

function pathOf(input: string, option: string): string {
  if (/^file:/i.test(input)) {
    try {
      return fileURLToPath(input);
    } catch (cause) {
      throw new ImageError('invalid-request', `${option}: ${quotedWord(input, 80)} names no file of this machine`, {
        cause,
        details: { option, asked: quotedWord(input, 80) },
        hint: 'Give the path of the file.',
      });
    }
  }
  return expandHome(input);
}

/** The real path of the file, if it exists in one of the folders and is really there. */
async function findIn(path: string, roots: readonly string[]): Promise<string | undefined> {
  for (const root of roots) {
    const real = await realpath(isAbsolute(path) ? path : join(root, path)).catch(() => undefined);
    if (real === undefined) continue;
    const reals = await Promise.all(roots.map((one) => realpath(one).catch(() => undefined)));
    if (reals.some((one) => one !== undefined && isInside(real, one))) return real;
  }
  return undefined;
}

/** The path of a file. Pipes and devices are refused: the system would wait for them beyond every deadline. */
async function asFile(path: string, asked: string, option: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile() || found.isDirectory()) return path;
  throw new ImageError('invalid-request', `${option}: ${quotedWord(asked, 80)} is a pipe or device, not a file`, {
    details: { option, asked: quotedWord(asked, 80) },
    hint: 'Give the path of a picture.',
  });
}

/** Whether a path is one in the folder, by its name alone. */
async function liesIn(path: string, root: string): Promise<boolean> {
  const asked = resolve(root, path);
  const real = await realpath(root).catch(() => root);
  return isInside(asked, root) || isInside(asked, real);
}
