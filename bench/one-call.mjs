// One picture after another, each way of asking in its turn: what a call costs beside the picture itself.
//   base64-small            2 kB as base64: ours, bare undici, the AI SDK and OpenAI's own client
//   url-small, url-large    2 kB, 3 MB by URL from CogView: ours, and bare undici making the same two requests
// Every way ends with the picture's bytes in memory. Says the medians in JSON, ms: by the clock, and of the process's CPU.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateImage } from '@anyimage/core';
import { cogview } from '@anyimage/provider-cogview';
import { openai } from '@anyimage/provider-openai';
import * as ai from 'ai';
import OpenAI from 'openai';
import { Agent, request } from 'undici';
import { inTurns } from './measure.mjs';

const [, , origin, kind, rounds] = process.argv;
const baseURL = `${origin}/${kind}`;
const apiKey = 'test-key';
const prompt = 'a paper boat at dawn';
const dispatcher = new Agent();

async function ask(model) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
  const body = JSON.stringify({ model, prompt });
  const answer = await request(`${baseURL}/images/generations`, { method: 'POST', headers, body, dispatcher });
  return (await answer.body.json()).data[0];
}

async function ours(provider) {
  const { images } = await generateImage({ provider, prompt });
  return images[0].bytes();
}

function base64() {
  const model = 'gpt-image-2.5-flare';
  const provider = openai({ apiKey, baseURL });
  const aiModel = createOpenAICompatible({ name: 'bench', baseURL, apiKey }).imageModel(model);
  const client = new OpenAI({ apiKey, baseURL });
  return {
    anyimage: () => ours(provider),
    undici: async () => Buffer.from((await ask(model)).b64_json, 'base64'),
    ai: async () => (await ai.generateImage({ model: aiModel, prompt })).image.uint8Array,
    openai: async () => Buffer.from((await client.images.generate({ model, prompt })).data[0].b64_json, 'base64'),
  };
}

function byURL() {
  const provider = cogview({ apiKey, baseURL });
  return {
    anyimage: () => ours(provider),
    undici: async () => {
      const { url } = await ask('cogview-4-250304');
      const answer = await request(url, { dispatcher });
      return new Uint8Array(await answer.body.arrayBuffer());
    },
  };
}

const ways = kind.startsWith('base64') ? base64() : byURL();
// Until the compiler has seen what is used.
const warmUp = 3000;
const medians = await inTurns(ways, { rounds: Number(rounds), warmUp, afterTurn: sameLength });
console.log(JSON.stringify(medians));
process.exit();

function sameLength(pictures) {
  if (new Set(pictures.map(({ length }) => length)).size > 1) throw new Error('not the same picture');
}
