import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageStore } from '@anyimage/core';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestS3, type TestS3, testAccess } from '../test/server.ts';
import { type S3PictureStore, type S3PictureStoreOptions, s3PictureStore } from './picture-store.ts';

const day = Date.UTC(2026, 0, 31, 12);
const ending: (() => Promise<unknown>)[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-s3-'));
  ending.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** Writes to the disk, as an app does. */
function localStore(): ImageStore {
  let count = 0;
  return {
    async open() {
      const chunks: Uint8Array[] = [];
      count += 1;
      const path = join(folder, `local-${count}`);
      return {
        write: async (chunk) => void chunks.push(Buffer.from(chunk)),
        async commit() {
          await writeFile(path, Buffer.concat(chunks));
          return {
            path,
            bytes: async () => Buffer.concat(chunks),
            stream: () => new Blob(chunks as Buffer<ArrayBuffer>[]).stream(),
          };
        },
        abort: async () => {},
      };
    },
    keepAnswer: async () => 'on-disk',
  };
}

const servers = new Map<boolean, Promise<TestS3>>();
/** One of each kind for all tests; what a test keeps there, no other looks for. */
function s3({ strict = true } = {}): Promise<TestS3> {
  const server = servers.get(strict) ?? startTestS3({ strict });
  servers.set(strict, server);
  return server;
}
afterAll(async () => {
  for (const server of servers.values()) await (await server).end();
});

async function open(server: Pick<TestS3, 'endpoint' | 'bucket'>, more: Partial<S3PictureStoreOptions> = {}) {
  const { endpoint, bucket } = server;
  const store = await s3PictureStore({
    ...testAccess,
    endpoint,
    bucket,
    local: localStore(),
    folder: join(folder, 'waiting'),
    now: () => day,
    ...more,
  });
  ending.push(() => store.close());
  return store;
}

async function put(store: S3PictureStore, text: string) {
  const bytes = Buffer.from(text);
  const writer = await store.open({ id: text, model: 'a/b', prompt: '', index: 0, count: 1 });
  for (let at = 0; at < bytes.length; at += 7) await writer.write(bytes.subarray(at, at + 7));
  const facts = { mediaType: 'image/png', width: 1, height: 1, byteLength: bytes.length } as const;
  return writer.commit(facts, {} as Parameters<typeof writer.commit>[1]);
}

async function piecesOf(picture: { pieces(): AsyncIterable<Uint8Array> } | undefined): Promise<string> {
  let text = '';
  for await (const piece of picture?.pieces() ?? []) text += Buffer.from(piece).toString();
  return text;
}

test('a picture is in the bucket by its day and the hash of its bytes, for every store and for who has its URL', async () => {
  const server = await s3();
  const text = 'a picture '.repeat(20_000);
  const [one, other] = [await open(server), await open(server, { folder: join(folder, 'other') })];
  const { ref } = await put(one, text);
  expect(ref).toBe(`20260131-${createHash('sha256').update(text).digest('hex')}`);
  expect(one.waiting).toBe(0);

  const found = await other.find(ref);
  expect(found).toMatchObject({ ref, byteLength: text.length });
  expect(found?.path).toBeUndefined();
  expect(await piecesOf(found)).toBe(text);
  expect(Buffer.from((await found?.bytes()) ?? []).toString()).toBe(text);
  expect(await new Response(found?.stream()).text()).toBe(text);

  const answer = await fetch((await other.urlOf(ref, 60)) ?? '');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(await answer.text()).toBe(text);
});

test('the same content is one object, and the disk keeps no more of what was sent than it may', async () => {
  const server = await s3({ strict: false });
  const store = await open(server, { cacheBytes: 25 });
  const first = await put(store, 'ten bytes!');
  expect((await put(store, 'ten bytes!')).ref).toBe(first.ref);
  const refs = [first.ref, (await put(store, 'ten bytes?')).ref, (await put(store, 'ten bytes:')).ref];
  expect(await readdir(join(folder, 'waiting'))).toHaveLength(2);
  for (const ref of refs) expect(await piecesOf(await store.find(ref))).toMatch(/^ten bytes.$/);
});

describe('while the bucket is away', () => {
  test('nothing is begun, what is on its way is kept on the disk and answered from there, and sent once it can be', async () => {
    const server = await s3();
    const problems: unknown[] = [];
    let now = day;
    const store = await open(server, { onProblem: (error) => problems.push(error), retryMs: 5, now: () => now });
    await (await store.expect!({ count: 1, bytes: 1 }))();
    await server.stop();
    const { ref } = await put(store, 'paid for');
    expect([store.waiting, problems.length]).toEqual([1, 1]);
    expect(await piecesOf(await store.find(ref))).toBe('paid for');
    expect(await store.urlOf(ref, 60)).toBeUndefined();
    now += 10_000;
    const refused = { code: 'unavailable', retryable: true, message: expect.stringContaining('does not answer') };
    await expect(store.expect!({ count: 1, bytes: 1 })).rejects.toMatchObject(refused);
    await expect(store.find(`20260131-${'0'.repeat(64)}`)).rejects.toMatchObject(refused);
    expect(await store.keepAnswer!(Buffer.from('{'))).toBe('on-disk');

    await server.start();
    while (store.waiting > 0) await store.flush();
    expect(await (await fetch((await store.urlOf(ref, 60)) ?? '')).text()).toBe('paid for');
    await store.expect!({ count: 1, bytes: 1 });
  });

  test('a process that ends leaves what waits to the next one; to others it is on its way', async () => {
    const server = await s3({ strict: false });
    const first = await open(server);
    const others = await open(server, { folder: join(folder, 'other') });
    await others.sweep(day - 86_400_000);
    await server.stop();
    const { ref } = await put(first, 'paid for');
    await first.close();
    await server.start();
    const onItsWay = { code: 'unavailable', retryable: true, message: expect.stringContaining('not in the storage') };
    await expect(others.find(ref)).rejects.toMatchObject(onItsWay);
    const next = await open(server);
    await next.flush();
    expect(next.waiting).toBe(0);
    expect(await piecesOf(await others.find(ref))).toBe('paid for');
  });

  test('one that never answers keeps nobody waiting', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    ending.push(async () => {
      silent.closeAllConnections();
      silent.close();
    });
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const store = await open({ endpoint, bucket: 'pictures' }, { timeoutMs: 20, patienceMs: 1 });
    expect(await put(store, 'paid for')).toMatchObject({ byteLength: 8 });
    await expect(store.check()).rejects.toMatchObject({ code: 'unavailable' });
    await store.flush();
    expect(store.waiting).toBe(1);
  });
});

test.each([
  ['a wrong key', { secretAccessKey: 'test-key' }],
  ['a bucket that is not there', { bucket: 'nowhere' }],
])('%s is a mistake of the config, and its secrets are not told', async (_, more) => {
  const store = await open(await s3(), more);
  const error: unknown = await store.check().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'config', hint: expect.any(String) });
  expect(JSON.stringify(error) + String(error)).not.toContain('test-key');
  const kept = await put(store, 'paid for');
  expect(await piecesOf(kept)).toBe('paid for');
  expect(store.waiting).toBe(1);
});

test('pictures of days before are removed, whole days alone, and answers stay', async () => {
  const server = await s3({ strict: false });
  let now = day - 2 * 86_400_000;
  const store = await open(server, { now: () => now, cacheBytes: 0 });
  const old = await put(store, 'old');
  const answer = await store.keepAnswer!(Buffer.from('{"data": ['));
  now = day;
  const young = await put(store, 'young');
  await store.sweep(day - 86_400_000);
  await expect(store.find(old.ref)).resolves.toBeUndefined();
  expect(await piecesOf(await store.find(young.ref))).toBe('young');
  expect(await piecesOf(await store.find(answer))).toBe('{"data": [');
  await store.forget!(answer);
  await expect(store.find(answer)).resolves.toBeUndefined();
});
