import { createHash } from 'node:crypto';
import { mkdtemp, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '@anyimage/core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { changedInputs, recordInputs } from './input-records.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let boat: string;
let mask: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  boat = join(folder, 'boat.png');
  mask = join(folder, 'mask.png');
  await writeFile(boat, 'boat');
  await writeFile(mask, 'mask');
});

test('the files that a picture is made of are recorded by their bytes, what is no file is not', async () => {
  const url = pathToFileURL(boat).href;
  const images = [
    boat,
    url,
    'https://paint.example/a.png',
    'data:image/png;base64,…',
    join(folder, 'none.png'),
    folder,
  ];
  expect(await recordInputs({ images, mask })()).toEqual([
    { path: boat, sha256: hash('boat') },
    { path: url, sha256: hash('boat') },
    { path: mask, sha256: hash('mask') },
  ]);
});

test('any request has a record', async () => {
  const request = fc.jsonValue().map((value) => JSON.parse(JSON.stringify({ images: value, mask: value })) as Json);
  await fc.assert(
    fc.asyncProperty(fc.oneof(request, fc.jsonValue() as fc.Arbitrary<Json>), async (any) => {
      expect(await recordInputs(any)()).toEqual([]);
    }),
  );
  expect(await recordInputs(undefined)()).toEqual([]);
});

test('a file that no request sends is not read, nor one by way of a descriptor', async () => {
  await truncate(boat, 64 * 2 ** 20 + 1);
  const open = process.platform === 'linux' ? ['/dev/stdin', '/dev/fd/0', '/proc/self/cmdline'] : [];
  expect(await recordInputs({ images: [boat, ...open], mask })()).toEqual([{ path: mask, sha256: hash('mask') }]);
});

test('one that was changed since it was asked for is not recorded', async () => {
  const inputs = recordInputs({ images: [boat], mask });
  await writeFile(boat, 'another boat');
  expect(await inputs()).toEqual([{ path: mask, sha256: hash('mask') }]);
});

test('those that hold other bytes since are found; one that is gone is for the reader to miss', async () => {
  const inputs = await recordInputs({ images: [boat], mask })();
  expect(await changedInputs(inputs)).toEqual([]);
  await writeFile(boat, 'another boat');
  expect(await changedInputs(inputs)).toEqual([boat]);
  await unlink(boat);
  expect(await changedInputs(inputs)).toEqual([]);
});
