// npm run bench -- gateway            32 callers, pictures of 2 kB, ours and @portkey-ai/gateway in turns; 32 x 3 MB at once; 10,000 calls
// npm run bench -- gateway speed      one of them: speed, memory, growth
// Ours with a key, a budget, pictures, intents and spending on disk. Portkey, which does none of that, is installed into a temporary folder.
// Requests a second by the clock; memory as Linux tells it, MB, over what the process had after a first call.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, pathOf, withService } from './measure.mjs';

const run = promisify(execFile);
const program = pathOf('../apps/gateway/dist/anyimage-gateway.js');
const portkeyVersion = '1.15.2';
const callers = 32;
const rounds = 5;
const turn = 1500;
const body = JSON.stringify({ model: 'gpt-image-2', prompt: 'a paper boat', size: '1024x1024', quality: 'low' });

const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'));
try {
  const parts = { speed, memory, growth };
  const named = process.argv[2];
  for (const [name, part] of Object.entries(parts)) if (!named || named === name) await withService(part);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function speed(origin) {
  const flags = await installPortkey();
  const ways = {
    anyimage: await startOurs(`${origin}/base64-small`),
    portkey: await startPortkey(`${origin}/base64-small`, flags),
  };
  const found = { anyimage: [], portkey: [] };
  try {
    for (const way of Object.values(ways)) await load(way, turn);
    for (let round = 0; round < rounds; round++) {
      for (const name of round % 2 ? ['portkey', 'anyimage'] : ['anyimage', 'portkey']) {
        const before = await cpuSeconds(ways[name].pid);
        const one = await load(ways[name], turn);
        found[name].push({ ...one, cpu: (1000 * ((await cpuSeconds(ways[name].pid)) - before)) / turn });
      }
    }
  } finally {
    for (const way of Object.values(ways)) await way.end();
  }
  const medians = Object.fromEntries(
    Object.entries(found).map(([name, list]) => [
      name,
      Object.fromEntries(Object.keys(list[0]).map((key) => [key, median(list.map((one) => one[key]))])),
    ]),
  );
  console.log(
    `${callers} callers, pictures of 2 kB, medians of ${rounds} rounds of ${turn} (portkey ${portkeyVersion} ${flags.join(' ')})`,
  );
  for (const [name, { perSecond, p50, p99, cpu }] of Object.entries(medians)) {
    console.log(
      `  ${name}: ${perSecond.toFixed(0)} a second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, CPU ${cpu.toFixed(2)} ms a call`,
    );
  }
  const ratio = medians.anyimage.perSecond / medians.portkey.perSecond;
  console.log(`  ${ratio.toFixed(2)}x as many; wanted: at least 0.9x, aim 1.3x`);
}

async function memory(origin) {
  const gateway = await startOurs(`${origin}/base64-large`);
  try {
    await load(gateway, 1, 1);
    const idle = await residentMB(gateway.pid);
    for (let round = 1; round <= 5; round++) {
      const sampling = sample(gateway.pid);
      await load(gateway, callers);
      const peak = await sampling.end();
      console.log(
        `${callers} x 3 MB at once, round ${round}: ${(peak - idle).toFixed(0)} MB over ${idle.toFixed(0)} MB; wanted: at most 150`,
      );
    }
    const before = await cpuSeconds(gateway.pid);
    const { perSecond, p99 } = await load(gateway, 256);
    const cpu = (1000 * ((await cpuSeconds(gateway.pid)) - before)) / 256;
    console.log(
      `  256 of 3 MB: ${perSecond.toFixed(0)} a second, p99 ${p99.toFixed(0)} ms, CPU ${cpu.toFixed(0)} ms a call`,
    );
  } finally {
    await gateway.end();
  }
}

async function growth(origin) {
  const gateway = await startOurs(`${origin}/base64-small`);
  try {
    await load(gateway, 2000);
    const marks = [];
    for (let part = 0; part < 5; part++) {
      await load(gateway, 2000);
      marks.push(await residentMB(gateway.pid));
    }
    console.log(
      `memory after each 2,000 of 10,000 calls, MB: ${marks.map((mb) => mb.toFixed(0)).join(', ')}; wanted: flat within 10 %`,
    );
  } finally {
    await gateway.end();
  }
}

/** Ours, with a key that has a budget. */
async function startOurs(baseURL) {
  const data = await mkdtemp(join(folder, 'data-'));
  const config = {
    listen: { port: 0 },
    data,
    requireKey: true,
    budget: { currency: 'USD', perDay: 100_000 },
    limits: { concurrency: callers },
  };
  const path = join(data, 'gateway.json');
  await writeFile(path, JSON.stringify(config));
  const env = {
    PATH: process.env.PATH,
    HOME: data,
    ANYIMAGE_HOME: data,
    ANYIMAGE_KEYCHAIN: 'off',
    NO_PROXY: '*',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: baseURL,
    ANYIMAGE_GATEWAY_CONFIG: path,
  };
  const { stdout } = await run(process.execPath, [program, 'keys', 'add', 'bench', '--per-day', '50000'], { env });
  const [key] = /agw-\S+/.exec(stdout);
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await said(child, /serves (\S+\/v1)/);
  return processOf(child, url, { authorization: `Bearer ${key}` });
}

async function installPortkey() {
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  await run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@portkey-ai/gateway@${portkeyVersion}`],
    {
      cwd: folder,
    },
  );
  return ['--headless'];
}

async function startPortkey(baseURL, flags) {
  const port = 20_000 + (process.pid % 20_000);
  const words = [join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, ...flags];
  const env = { PATH: process.env.PATH, HOME: folder, NODE_ENV: 'production', NO_PROXY: '*' };
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const headers = {
    authorization: 'Bearer test-key',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': baseURL,
  };
  return processOf(child, `http://127.0.0.1:${port}/v1`, headers);
}

function processOf(child, url, headers) {
  return {
    url,
    headers,
    pid: child.pid,
    async end() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function said(child, pattern) {
  let text = '';
  for await (const chunk of child.stderr) {
    text += chunk;
    const found = pattern.exec(text);
    if (!found) continue;
    child.stderr.resume();
    return found[1];
  }
  throw new Error(`it ended: ${text}`);
}

/** So many calls, at most `lanes` at a time; times of single ones, ms. */
async function load({ url, headers }, calls, lanes = callers) {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const times = [];
  let left = calls;
  const began = performance.now();
  const lane = async () => {
    while (left-- > 0) {
      const start = performance.now();
      await post(agent, `${url}/images/generations`, headers);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { perSecond: calls / seconds, p50: at(0.5), p99: at(0.99) };
}

function post(agent, url, headers) {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    };
    const sent = request(url, options, (answer) => {
      let length = 0;
      let start = '';
      answer.on('data', (chunk) => {
        if (length === 0) start = chunk.toString('latin1', 0, 300);
        length += chunk.length;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200 && length > 2000) resolve();
        else reject(new Error(`${answer.statusCode} ${start}`));
      });
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function residentMB(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** The most that the process has, until `end`. */
function sample(pid) {
  let peak = 0;
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await residentMB(pid));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  })();
  return {
    async end() {
      isOver = true;
      await sampling;
      return peak;
    },
  };
}

async function cpuSeconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
