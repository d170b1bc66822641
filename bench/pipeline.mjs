// What core adds to a request: 400 pictures of 100 kB by URL over loopback, four at a time, against plain fetch.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createClient, defineProvider } from '../packages/core/dist/index.js';
import { encodePng } from '../packages/testkit/dist/index.js';

const pictures = 400;
const width = 512;
const rows = Array.from({ length: 200 }, (_, y) =>
  Uint8Array.from({ length: width }, (_, x) => (x * 7919 + y * y * 31) % 251),
);
const png = encodePng({
  width,
  height: rows.length,
  palette: Array.from({ length: 251 }, (_, grey) => [grey, grey, grey]),
  row: (y) => rows[y],
});
const server = createServer((request, response) => {
  if (request.method === 'GET') return response.setHeader('content-type', 'image/png').end(png);
  request.resume().on('end', () => response.end(JSON.stringify({ url: `http://${request.headers.host}/a.png` })));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const baseURL = `http://127.0.0.1:${server.address().port}`;

const provider = defineProvider({
  id: 'bench',
  label: 'Bench',
  models: {
    one: {
      label: 'One',
      source: 'https://example.invalid',
      checked: '2026-11-20',
      operations: { generate: {} },
      delivery: { as: 'url', livesSeconds: 60 },
    },
  },
  regions: { here: { baseURL } },
  keys: [],
  rate: { concurrent: 4 },
  sign: () => ({}),
  async generate(call, { http }) {
    const { url } = await (await http.send({ to: 'images', json: { prompt: call.prompt }, spends: true })).json();
    return { outputs: [{ url }] };
  },
});
const client = createClient({ providers: [provider()] });
const ways = {
  core: async () => {
    for (let i = 0; i < pictures / 100; i++) await client.generate({ prompt: 'x', n: 100 });
  },
  fetch: async () => {
    let left = pictures;
    const one = async () => {
      while (left-- > 0) {
        const { url } = await (await fetch(baseURL, { method: 'POST', body: '{"prompt":"x"}' })).json();
        await (await fetch(url)).arrayBuffer();
      }
    };
    await Promise.all([one(), one(), one(), one()]);
  },
};
for (const name of ['core', 'fetch', 'core', 'fetch', 'core', 'fetch']) {
  const started = performance.now();
  await ways[name]();
  const seconds = (performance.now() - started) / 1000;
  console.log(name.padEnd(6), `${Math.round(pictures / seconds)} pictures/s`);
}
await client.close();
server.close();
server.closeAllConnections();
