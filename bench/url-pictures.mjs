// 32 pictures of 3 MB by URL, all at once, from the socket to files with their sidecars.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@anyimage/core';
import { checkOutput, fileImageStore } from '@anyimage/host';
import { cogview } from '@anyimage/provider-cogview';
import { tellCost } from './measure.mjs';

const [, , origin] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'anyimage-bench-'));
const target = await checkOutput({ folder });
const client = createClient({
  providers: [cogview({ apiKey: 'test-key', baseURL: `${origin}/large` })],
  store: fileImageStore({ target, home: folder }),
  concurrency: 32,
});
await tellCost(
  () => client.generate({ prompt: 'a boat', n: 2 }),
  async () => {
    const { images } = await client.generate({ prompt: 'a boat', n: 32 });
    const files = await readdir(folder);
    if (images.length !== 32 || files.filter((name) => name.endsWith('.png')).length !== 34)
      throw new Error('not all made');
    await rm(folder, { recursive: true });
  },
);
