// Pictures in a bucket. Each is written to the disk as it arrives, then sent; what cannot be sent waits on the disk until it can.

import { createHash } from 'node:crypto';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, type ImageStore } from '@anyimage/core';
import { type S3Place, s3Bucket } from './bucket.ts';
import { fileName, type LocalFile, leftIn, pictureOf, pictureRef, type S3Picture } from './pictures.ts';

export interface S3PictureStoreOptions extends S3Place {
  /** Where pictures are written first: what it commits has a `path` in the file system of `folder`. */
  readonly local: ImageStore;
  /** The folder for what is not in the bucket yet. One store at a time has it. */
  readonly folder: string;
  /** What keys begin with. Default `pictures`. */
  readonly prefix?: string | undefined;
  /** How many bytes of what was sent stay on the disk, the newest, to be answered with. Default 256 MiB. */
  readonly cacheBytes?: number | undefined;
  /** How long a picture that is complete waits for the bucket, ms. Default 10,000; it is sent later then. */
  readonly patienceMs?: number | undefined;
  /** How long it waits before it tries again to send what waits, ms. Default 1,000, doubled up to a minute. */
  readonly retryMs?: number | undefined;
  /** Told of each failure to send. */
  readonly onProblem?: ((error: unknown) => void) | undefined;
  /** Unix time, ms. */
  readonly now?: () => number;
}

export interface S3PictureStore extends ImageStore<S3Picture> {
  /** Throws `unavailable` while the bucket does not answer, `config` if it is not there or may not be used. */
  check(): Promise<void>;
  /** As `find`. Throws `unavailable` too, of one that must be there and is not yet: another machine still has it. */
  find(ref: string): Promise<S3Picture | undefined>;
  /** A URL into the bucket; `undefined` for what is not there yet. */
  urlOf(ref: string, seconds: number): Promise<string | undefined>;
  /** Removes from the bucket what was kept on days before that of `before`, Unix time in ms. Throws `unavailable`. */
  sweep(before: number): Promise<void>;
  /** How many pictures wait on this disk. */
  readonly waiting: number;
  /** Sends what waits, once. Never rejects. */
  flush(): Promise<void>;
  /** Sends nothing more. What waits is sent by the next store with this folder. */
  close(): Promise<void>;
}

const usual = { prefix: 'pictures', cacheBytes: 256 * 2 ** 20, patienceMs: 10_000, retryMs: 1000 };
const longestRetryMs = 60_000;
/** For so long the last thing that went well shows that the bucket is there, ms. */
const trustMs = 5000;
/** So many of what waits are sent at a time. */
const lanes = 4;
const dayMs = 86_400_000;

const answerRef = /^answer-[0-9a-f]{64}$/;

/** Opens it, and begins to send what an earlier one left. Throws `config` for a bucket that may not be used, `storage`. */
export async function s3PictureStore(options: S3PictureStoreOptions): Promise<S3PictureStore> {
  const { local, folder, onProblem = () => {}, now = Date.now } = options;
  const { prefix, cacheBytes, patienceMs, retryMs } = { ...usual, ...definedOf(options) };
  const bucket = s3Bucket(options);
  /** On this disk and not in the bucket, and those that are in both; each the oldest first. */
  const waiting = await leftIn(folder);
  const sent = new Map<string, LocalFile>();
  const underWay = new Map<string, Promise<void>>();
  let sentBytes = 0;
  let trustedUntil = 0;
  let sweptBefore = Number.POSITIVE_INFINITY;
  let pause = retryMs;
  let timer: NodeJS.Timeout | undefined;
  let isAway = false;
  let isClosed = false;
  let checking: Promise<void> | undefined;

  const keyOf = (ref: string) => {
    const [day = '', hash] = ref.split('-');
    if (day === 'answer') return `answers/${hash}`;
    return `${prefix}/${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}/${hash}`;
  };
  /** Whether the bucket is there is known by what was last asked of it. */
  async function asked<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      trustedUntil = now() + trustMs;
      return result;
    } catch (error) {
      trustedUntil = 0;
      throw error;
    }
  }

  function send(ref: string, file: LocalFile): Promise<void> {
    const sending = sendOnce(ref, file).finally(() => underWay.delete(ref));
    underWay.set(ref, sending);
    return sending;
  }

  async function sendOnce(ref: string, file: LocalFile): Promise<void> {
    try {
      const isThere = file.isLeft && (await asked(bucket.sizeOf(keyOf(ref)))) === file.byteLength;
      if (!isThere) await asked(bucket.putFile(keyOf(ref), file.path, file.byteLength, file.mediaType));
      [isAway, pause] = [false, retryMs];
    } catch (error) {
      isAway = true;
      onProblem(error);
      return;
    }
    waiting.delete(ref);
    await cache(ref, file);
  }

  /** It stays for a while, so that its own answer need not fetch it. */
  async function cache(ref: string, file: LocalFile): Promise<void> {
    if (!sent.has(ref)) sentBytes += file.byteLength;
    sent.set(ref, file);
    for (const [oldest, { path, byteLength }] of sent) {
      if (sentBytes <= cacheBytes) break;
      sent.delete(oldest);
      sentBytes -= byteLength;
      await unlink(path).catch(() => {});
    }
  }

  function sendLater(): void {
    if (timer || isClosed || waiting.size === 0) return;
    timer = setTimeout(async () => {
      await flush();
      timer = undefined;
      sendLater();
    }, pause).unref();
    pause = Math.min(2 * pause, longestRetryMs);
  }

  async function flush(): Promise<void> {
    const [first, ...others] = [...waiting].filter(([ref]) => !underWay.has(ref));
    // The first shows whether the bucket is there at all.
    if (first) await send(...first);
    const left = others.values();
    const lane = async () => {
      for (const [ref, file] of left) {
        if (isAway || isClosed) return;
        await send(ref, file);
      }
    };
    await Promise.all([...Array.from({ length: lanes }, lane), ...underWay.values()]);
  }

  /** Sends it within what a caller waits. Where the bucket was away just now, nobody waits. */
  async function sendNow(ref: string, file: LocalFile): Promise<void> {
    waiting.set(ref, file);
    if (!isAway) {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const giveUp = setTimeout(resolve, patienceMs);
      await Promise.race([send(ref, file), late]);
      clearTimeout(giveUp);
    }
    sendLater();
  }

  async function check(): Promise<void> {
    if (now() < trustedUntil) return;
    checking ??= asked(bucket.check()).finally(() => {
      checking = undefined;
    });
    await checking;
    isAway = false;
  }

  sendLater();
  return {
    copies: true,

    async open(hint) {
      const writer = await local.open(hint);
      const hash = createHash('sha256');
      return {
        expect: (byteLength) => writer.expect?.(byteLength),
        async write(chunk) {
          await writer.write(chunk);
          hash.update(chunk);
        },
        async commit(facts, record) {
          const { path: written } = await writer.commit(facts, record);
          if (written === undefined) throw new TypeError('the local store gave no path');
          const ref = `${new Date(now()).toISOString().slice(0, 10).replaceAll('-', '')}-${hash.digest('hex')}`;
          const { mediaType, byteLength } = facts;
          const path = join(folder, fileName(ref, mediaType));
          await rename(written, path).catch((error: unknown) => {
            throw new ImageError('storage', `${path} cannot be written`, { cause: error, details: { path } });
          });
          const file = { path, byteLength, mediaType };
          await sendNow(ref, file);
          return pictureOf(bucket, keyOf(ref), ref, byteLength, path);
        },
        abort: () => writer.abort(),
      };
    },

    async expect(pictures) {
      await check();
      return (await local.expect?.(pictures)) ?? (() => {});
    },

    check,

    async find(ref) {
      if (!pictureRef.test(ref) && !answerRef.test(ref)) return local.find?.(ref) as Promise<S3Picture | undefined>;
      const here = waiting.get(ref) ?? sent.get(ref);
      if (here) return pictureOf(bucket, keyOf(ref), ref, here.byteLength, here.path);
      const byteLength = await asked(bucket.sizeOf(keyOf(ref)));
      if (byteLength !== undefined) return pictureOf(bucket, keyOf(ref), ref, byteLength);
      if (answerRef.test(ref) || endOfDay(ref) < sweptBefore) return undefined;
      throw new ImageError('unavailable', 'the picture is made, and not in the storage of pictures yet', {
        retryable: true,
        retryAfter: 5000,
        hint: 'Ask for it again in a moment: nothing is paid anew.',
      });
    },

    async urlOf(ref, seconds) {
      return waiting.has(ref) || !pictureRef.test(ref) ? undefined : bucket.urlOf(keyOf(ref), seconds);
    },

    async keepAnswer(body) {
      const ref = `answer-${createHash('sha256').update(body).digest('hex')}`;
      try {
        await asked(bucket.put(keyOf(ref), body));
        return ref;
      } catch (error) {
        onProblem(error);
        if (!local.keepAnswer) throw error;
        return local.keepAnswer(body);
      }
    },

    async forget(ref) {
      if (answerRef.test(ref)) await bucket.remove([keyOf(ref)]).catch(onProblem);
      else if (!pictureRef.test(ref)) await local.forget?.(ref);
    },

    async sweep(before) {
      sweptBefore = before;
      const first = `${prefix}/${new Date(before).toISOString().slice(0, 10)}`;
      for (let last: string | undefined; ; ) {
        const keys = await asked(bucket.list(`${prefix}/`));
        // In the order of their days: what begins with a later one, and all that follows, stays.
        const old = keys.filter((key) => key < first);
        if (old.length > 0) await asked(bucket.remove(old));
        // What may not be removed would be listed for ever.
        const [oldest] = old;
        if (oldest !== undefined && oldest === last) return onProblem(notRemoved(oldest));
        last = oldest;
        if (old.length === 0 || old.length < keys.length) return;
      }
    },

    get waiting() {
      return waiting.size;
    },

    flush,

    async close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function notRemoved(key: string): ImageError {
  return new ImageError('unavailable', `the storage of pictures keeps ${key}, which is old and was to be removed`, {
    hint: 'Let its key delete objects, or turn off the lock of the bucket.',
  });
}

/** Unix time, ms. */
function endOfDay(ref: string): number {
  return Date.parse(`${ref.slice(0, 4)}-${ref.slice(4, 6)}-${ref.slice(6, 8)}`) + dayMs;
}

function definedOf<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
