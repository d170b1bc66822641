// 32 pictures of 3 MB at once, in a process of its own. Says time and memory in JSON.
//   url-large disk              from CogView by URL, to files with their sidecars
//   base64-large disk           as base64 in JSON, to files with their sidecars
//   base64-large memory         as base64 in JSON, into memory
//   base64-large memory ai      the same with the AI SDK
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createClient } from '@anyimage/core';
import { checkOutput, fileImageStore } from '@anyimage/host';
import { cogview } from '@anyimage/provider-cogview';
import { openai } from '@anyimage/provider-openai';
import { generateImage } from 'ai';
import { costOf } from './measure.mjs';

const [, , origin, kind, place, peer] = process.argv;
const baseURL = `${origin}/${kind}`;
const apiKey = 'test-key';
const prompt = 'a paper boat at dawn';
const pictures = 32;
const shortest = 3_000_000;
const makeProvider = kind.startsWith('url') ? cogview : openai;

async function toDisk() {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-bench-'));
  const store = fileImageStore({ target: await checkOutput({ folder }), home: folder });
  const client = createClient({ providers: [makeProvider({ apiKey, baseURL })], store, concurrency: pictures });
  const make = async (count) => {
    const made = await Promise.all(Array.from({ length: count }, () => client.generate({ prompt })));
    if (made.some(({ images }) => images[0].byteLength < shortest)) throw new Error('not all made');
  };
  const cost = await costOf(
    () => make(2),
    () => make(pictures),
  );
  const files = await readdir(folder);
  if (files.filter((name) => name.endsWith('.png')).length !== pictures + 2) throw new Error('not all kept');
  await rm(folder, { recursive: true });
  return cost;
}

async function toMemory(one) {
  const make = async (count) => {
    const made = await Promise.all(Array.from({ length: count }, one));
    if (made.some(({ length }) => length < shortest)) throw new Error('not all made');
  };
  return costOf(
    () => make(2),
    () => make(pictures),
  );
}

function ours() {
  const client = createClient({ providers: [makeProvider({ apiKey, baseURL })], concurrency: pictures });
  return async () => (await client.generate({ prompt })).images[0].bytes();
}

function theAISDK() {
  const model = createOpenAICompatible({ name: 'bench', baseURL, apiKey }).imageModel('gpt-image-2.5-flare');
  return async () => (await generateImage({ model, prompt })).image.uint8Array;
}

const cost = place === 'disk' ? await toDisk() : await toMemory(peer === 'ai' ? theAISDK() : ours());
console.log(JSON.stringify(cost));
process.exit();
