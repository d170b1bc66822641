// A large picture inside a JSON answer: core decodes it while the body is read; the usual way builds the text twice.
// Each way runs in a process of its own, so that peaks of memory do not mix.
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createClient, defineProvider } from '../packages/core/dist/index.js';

const megabytes = 24;
const [way, url] = process.argv.slice(2);

if (!isMainThread) {
  // The server has a thread of its own: what it holds is not measured.
  const png = Buffer.alloc(megabytes * 1e6);
  randomFillSync(png);
  const body = JSON.stringify({ data: [{ b64_json: wrap(png).toString('base64') }] });
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(body)).listen(
    0,
    '127.0.0.1',
  );
  server.once('listening', () => parentPort.postMessage(`http://127.0.0.1:${server.address().port}`));
} else if (way) {
  const before = process.memoryUsage().rss;
  const started = performance.now();
  let bytes;
  if (way === 'usual') {
    const { data } = JSON.parse(await (await fetch(url)).text());
    bytes = Buffer.from(data[0].b64_json, 'base64').length;
  } else {
    const provider = defineProvider({
      id: 'bench',
      label: 'Bench',
      models: {
        one: {
          label: 'One',
          source: 'https://example.invalid',
          checked: '2026-11-20',
          operations: { generate: {} },
          delivery: { as: 'bytes' },
        },
      },
      regions: { here: { baseURL: url } },
      keys: [],
      sign: () => ({}),
      async generate(_, { http }) {
        const { data } = await (await http.send({ to: 'images', json: {} })).json();
        return { outputs: [{ base64: data[0].b64_json }] };
      },
    });
    const { images } = await createClient({ providers: [provider()] }).generate({ prompt: 'x' });
    bytes = images[0].byteLength;
  }
  const ms = performance.now() - started;
  console.log(
    JSON.stringify({
      ms: Math.round(ms),
      peakMB: Math.round((process.resourceUsage().maxRSS * 1024 - before) / 1e6),
      bytes,
    }),
  );
  process.exit();
} else {
  const server = new Worker(new URL(import.meta.url));
  const [origin] = await once(server, 'message');
  for (const name of ['usual', 'core', 'usual', 'core', 'usual', 'core']) {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, origin], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    console.log(name.padEnd(6), stdout.toString().trim());
  }
  await server.terminate();
}

/** A well-formed PNG of one pixel whose pixels are the given bytes. */
function wrap(bytes) {
  const chunk = (type, data) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', bytes), chunk('IEND', Buffer.alloc(0))]);
}
