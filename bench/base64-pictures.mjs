// 32 pictures of 3 MB as base64 in JSON, all at once, into memory: ours, or the AI SDK's.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createClient } from '@anyimage/core';
import { openAICompatible } from '@anyimage/provider-openai';
import { generateImage } from 'ai';
import { tellCost } from './measure.mjs';

const [, , origin, way] = process.argv;
const baseURL = `${origin}/base64`;
const ways = {
  anyimage() {
    const provider = openAICompatible({ baseURL, id: 'bench' });
    const client = createClient({ providers: [provider], concurrency: 32 });
    return async () => (await (await client.generate({ model: 'bench/x', prompt: 'a boat' })).images[0].bytes()).length;
  },
  ai() {
    const model = createOpenAICompatible({ name: 'bench', baseURL, apiKey: 'test-key' }).imageModel('x');
    return async () => (await generateImage({ model, prompt: 'a boat' })).image.uint8Array.length;
  },
};
const one = ways[way]();
await tellCost(
  () => Promise.all([one(), one()]),
  async () => {
    const lengths = await Promise.all(Array.from({ length: 32 }, one));
    if (lengths.some((length) => length < 3_000_000)) throw new Error('not all made');
  },
);
