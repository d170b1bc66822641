// What the measurements share.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Runs `work` with the origin of the service. */
export async function withService(work) {
  const child = fork(pathOf('service.mjs'), { execArgv: [] });
  try {
    const [origin] = await once(child, 'message');
    return await work(origin);
  } finally {
    child.kill();
  }
}

/** What a program of this folder says in JSON, run in a process of its own. */
export async function inProcess(file, ...words) {
  const child = spawn(process.execPath, ['--expose-gc', pathOf(file), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file} ${words.join(' ')} ended with ${code}`);
  return JSON.parse(said);
}

/** The time of a start of Node with these words, to its end, ms. */
export async function startTime(...words) {
  const started = performance.now();
  await once(spawn(process.execPath, words, { stdio: 'ignore' }), 'close');
  return performance.now() - started;
}

/** Time and peak memory of `work` over what the process had before, after a first round that loads and compiles. Says it in JSON. */
export async function tellCost(warmUp, work) {
  await warmUp();
  globalThis.gc();
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 2);
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  clearInterval(sampling);
  peak = Math.max(peak, process.memoryUsage.rss());
  console.log(JSON.stringify({ ms: Math.round(ms), peakMB: Math.round((peak - idle) / 2 ** 20) }));
  process.exit();
}
