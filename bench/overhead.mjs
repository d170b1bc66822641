// generateImage with CogView against bare undici making the same two requests and reading the same bytes: a picture of 3 MB by
// URL, one after another, in pairs.
import { generateImage } from '@anyimage/core';
import { cogview } from '@anyimage/provider-cogview';
import { Agent, request } from 'undici';

const [, , origin, count] = process.argv;
const provider = cogview({ apiKey: 'test-key', baseURL: `${origin}/small` });
const dispatcher = new Agent();

async function ours() {
  const { images } = await generateImage({ provider, prompt: 'x' });
  return (await images[0].bytes()).length;
}

async function bare() {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer test-key' };
  const body = JSON.stringify({ model: 'cogview-4-250304', prompt: 'x' });
  const asked = await request(`${origin}/small/images/generations`, { method: 'POST', headers, body, dispatcher });
  const { data } = await asked.body.json();
  const answer = await request(data[0].url, { dispatcher });
  return (await answer.body.arrayBuffer()).byteLength;
}

const timed = async (work) => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
// Until the compiler has seen what is used.
for (let i = 0; i < 3000; i++) if ((await ours()) !== (await bare())) throw new Error('not the same bytes');
const times = { ours: [], bare: [] };
for (let i = 0; i < Number(count); i++) {
  // Either comes first as often.
  for (const [name, work] of i % 2
    ? [
        ['ours', ours],
        ['bare', bare],
      ]
    : [
        ['bare', bare],
        ['ours', ours],
      ]) {
    times[name].push(await timed(work));
  }
}
console.log(JSON.stringify(times));
process.exit();
