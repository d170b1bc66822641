// What the measurements share.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

export const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

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

/**
 * Medians of the ways to do one thing, ms: by the clock, and of this process's CPU on all its threads, which other work on the machine
 * hardly changes. The ways take turns in one process, in every order there is, so that what the machine, the compiler or the collector
 * does hits all alike, and so does what the way before left in the processor's caches. `afterTurn` gets what they came to, and is not
 * measured.
 */
export async function inTurns(ways, { rounds, warmUp, afterTurn }) {
  const names = Object.keys(ways);
  const orders = ordersOf(names);
  const times = Object.fromEntries(names.map((name) => [name, { ms: [], cpuMs: [] }]));
  for (let turn = -warmUp; turn < rounds; turn++) {
    const results = [];
    for (const name of orders[(turn + warmUp) % orders.length]) {
      const cpu = process.cpuUsage();
      const started = performance.now();
      results.push(await ways[name]());
      const ms = performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      if (turn < 0) continue;
      times[name].ms.push(ms);
      times[name].cpuMs.push((user + system) / 1000);
    }
    await afterTurn(results);
  }
  return Object.fromEntries(names.map((name) => [name, mediansOf(times[name])]));
}

/** Every order of the names. */
function ordersOf(names) {
  if (names.length < 2) return [names];
  return names.flatMap((first) => ordersOf(names.filter((name) => name !== first)).map((rest) => [first, ...rest]));
}

const mediansOf = ({ ms, cpuMs }) => ({ ms: median(ms), cpuMs: median(cpuMs) });

/** Time, CPU and peak memory of `work` over what the process had before, after a first round that loads and compiles. */
export async function costOf(warmUp, work) {
  await warmUp();
  globalThis.gc();
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const sampling = setInterval(look, 2);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sampling);
  look();
  return { ms, cpuMs: (user + system) / 1000, peakMB: (peak - idle) / 2 ** 20 };
}
