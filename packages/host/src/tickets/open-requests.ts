// Requests whose answer has not arrived, by their hash, shared by all processes of a person: who asks the same again gets the same.

import { readdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { intentMemoryMs, isRecord } from '@anyimage/core';
import { isAbsent, readText } from '../files/read-file.ts';
import { errorCode, storageError } from '../files/storage-error.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { parseJSON } from '../text/json.ts';

/** A request that was asked. */
export interface OpenRequest {
  /** Its intent, which its tickets follow from; letters, digits and hyphens. */
  readonly id: string;
  /** When it was asked, Unix time in ms. */
  readonly at: number;
}

/** The methods throw `storage`. */
export interface OpenRequests {
  /** The first request with one of these hashes that is open already; else opens `request`, and gives that. Of two at the same time, one is first. */
  open(hashes: readonly string[], request: OpenRequest): Promise<OpenRequest>;
  /** Opens `request` in place of what is open with these hashes. */
  replace(hashes: readonly string[], request: OpenRequest): Promise<void>;
  /** The ids of all that are open. */
  ids(): Promise<ReadonlySet<string>>;
  /** The answer to the request with this id arrived, or there will be none: asked again, it is another. Gives the hashes of what was open. */
  close(id: string): Promise<readonly string[]>;
}

/** Raised when older programs must not read a file any more. */
const fileVersion = 1;

/** Keeps a file for each open request in `folder`, which is made with the first. `now`: Unix time in ms. */
export function openRequests(folder: string, now: () => number = Date.now): OpenRequests {
  const pathOf = (hash: string) => join(folder, `${hash}.json`);

  async function write(hash: string, request: OpenRequest, keepExisting: boolean): Promise<void> {
    const text = JSON.stringify({ version: fileVersion, ...request });
    await writeFileAtomically(pathOf(hash), text, { mode: 0o600, folderMode: 0o700, keepExisting });
  }

  /** `undefined` where there is none, or one that nobody can read or remembers. */
  async function read(path: string): Promise<OpenRequest | undefined> {
    const text = await readText(path).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
    const found = text === undefined ? undefined : requestIn(text);
    return found && found.at + intentMemoryMs > now() ? found : undefined;
  }

  async function openOnce(hash: string, request: OpenRequest): Promise<OpenRequest> {
    for (;;) {
      const before = await read(pathOf(hash));
      if (before) return before;
      try {
        await write(hash, request, true);
        return request;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
      // Another process was first, or what is there is of no use.
      if (!(await read(pathOf(hash)))) await remove(pathOf(hash));
    }
  }

  async function openAll(hashes: readonly string[], request: OpenRequest): Promise<OpenRequest> {
    const opened: string[] = [];
    for (const hash of hashes) {
      const found = await openOnce(hash, request);
      if (found.id !== request.id) {
        // From now on both hashes are of the one that was first.
        await replaceAll(opened, found);
        return found;
      }
      opened.push(hash);
    }
    return request;
  }

  async function replaceAll(hashes: readonly string[], request: OpenRequest): Promise<void> {
    for (const hash of hashes) await write(hash, request, false);
  }

  /** The open requests with their files. What is of no use any more is removed. */
  async function all(): Promise<readonly { readonly path: string; readonly request: OpenRequest }[]> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isAbsent(error)) return [];
      throw error;
    });
    const found: { readonly path: string; readonly request: OpenRequest }[] = [];
    for (const name of names.filter((one) => /^[0-9a-f]{64}\.json$/.test(one))) {
      const path = join(folder, name);
      const request = await read(path);
      if (request) found.push({ path, request });
      else await remove(path);
    }
    return found;
  }

  function telling<T>(action: string, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw storageError(error, `${action} in ${folder}`, folder);
    });
  }

  return {
    open: (hashes, request) => telling('note a request', () => openAll(hashes, request)),
    replace: (hashes, request) => telling('note a request', () => replaceAll(hashes, request)),
    ids: () => telling('look for requests', async () => new Set((await all()).map(({ request }) => request.id))),
    close: (id) =>
      telling('close a request', async () => {
        const found = (await all()).filter(({ request }) => request.id === id);
        for (const { path } of found) await remove(path);
        return found.map(({ path }) => basename(path, '.json'));
      }),
  };
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
}

/** Read as far as its fields are known, also of a newer version: what it protects is paid for. */
function requestIn(text: string): OpenRequest | undefined {
  const found = parseJSON(text);
  if (!isRecord(found) || typeof found.at !== 'number') return undefined;
  const { id, at } = found;
  return typeof id === 'string' && /^[a-z0-9-]+$/i.test(id) ? { id, at } : undefined;
}
