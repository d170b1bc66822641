// Pictures that come as base64, into stores that keep what they are given and into such that copy it.

import { expect, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import { exchange } from '../access/exchange.ts';
import { type ImageStore, memoryImageStore } from '../contract/store.ts';
import { createClient } from '../create-client.ts';

const all = Array.from({ length: 12 }, (_, index) => noisyPNG(64 + index, 64));

/** A client of a service whose answers hold two of the pictures each, in turn. */
async function connect(store: ImageStore) {
  let answers = 0;
  const { origin } = await serve((_, response) => {
    const pictures = all.slice((answers * 2) % all.length).slice(0, 2);
    answers += 1;
    response.end(JSON.stringify({ pictures: pictures.map((picture) => Buffer.from(picture).toString('base64')) }));
  });
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {
      one: {
        label: 'One',
        source: 'https://docs.example',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        perCall: 2,
      },
    },
    regions: { only: { baseURL: origin } },
    keys: [],
    sign: () => ({}),
    async generate(_, context) {
      const { body } = await exchange(context, { to: 'make', json: {}, spends: true });
      const { pictures } = body as { pictures: (string | Uint8Array)[] };
      return { outputs: pictures.map((base64) => ({ base64 })) };
    },
  });
  return createClient({ providers: [provider({ baseURL: origin })], env: {}, store, concurrency: 6 });
}

const sorted = (pictures: readonly Uint8Array[]) => pictures.map((bytes) => Buffer.from(bytes).toString('hex')).sort();

test('a store in memory keeps every picture whole after its call has ended', async () => {
  const client = await connect(memoryImageStore());
  const { images } = await client.generate({ prompt: 'x', n: 12 });
  expect(sorted(await Promise.all(images.map((image) => image.bytes())))).toEqual(sorted(all));
  await client.close();
});

test('a store that copies has every picture whole, and what it was given is gone', async () => {
  const given: Uint8Array[] = [];
  const copied: Uint8Array[] = [];
  const store: ImageStore = {
    copies: true,
    async open() {
      const parts: Uint8Array[] = [];
      return {
        async write(chunk) {
          given.push(chunk);
          await new Promise((resolve) => setImmediate(resolve));
          parts.push(chunk.slice());
        },
        async commit() {
          const bytes = Buffer.concat(parts);
          copied.push(bytes);
          return { bytes: async () => bytes, stream: () => new Blob([bytes]).stream() };
        },
        abort: async () => {},
      };
    },
  };
  const client = await connect(store);
  await client.generate({ prompt: 'x', n: 12 });
  expect(sorted(copied)).toEqual(sorted(all));
  expect(given.map(({ length }) => length)).toEqual(Array(12).fill(0));
  await client.close();
});
