// npm run bench -- batch                how near to the best a batch comes, and what memory it takes
// npm run bench -- batch --rows 200000  with so many rows for the memory; default 20,000. It tells what the process has on the way, too
// The service answers after 200 ms, and 32 calls run at a time, for the one; at once, and as fast as it goes, for the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cli } from './apps.mjs';
import { withService } from './measure.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '20000' }, calls: { type: 'string', default: '3200' } },
});
const latencyMs = 200;
const atOnce = 32;
/** After so many rows, the memory of the moment is told. */
const marks = [2000, 20_000, 50_000, 100_000, 150_000, 200_000];
const fixed = (value, digits = 0) => value.toFixed(digits);

const folder = await mkdtemp(join(tmpdir(), 'anyimage-batch-'));
try {
  await withService(async (origin) => {
    await throughput(origin, Number(values.calls));
    await memory(origin, Number(values.rows));
  });
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function throughput(origin, rows) {
  const { ms, cpuMs } = await batch(`${origin}/base64-whole-${latencyMs}`, rows);
  const ideal = (rows * latencyMs) / atOnce;
  console.log(
    `${rows} rows, ${latencyMs} ms each, ${atOnce} at once: ${fixed(ms / 1000, 2)} s of ${fixed(ideal / 1000, 2)} s`,
  );
  const share = `${fixed((100 * ideal) / ms, 1)} % of the best`;
  console.log(`  ${share}; CPU ${fixed(cpuMs / rows, 2)} ms a row; load ${fixed(loadavg()[0], 1)}`);
}

async function memory(origin, most) {
  let first;
  for (const rows of [2000, most]) {
    const { ms, mb, cpuMs } = await batch(`${origin}/base64-whole`, rows, {
      onMark(made, mb) {
        if (made < rows)
          console.log(`  after ${made.toLocaleString('en')} of ${rows.toLocaleString('en')} rows: ${fixed(mb)} MB`);
      },
    });
    first ??= mb;
    const each = `${fixed(ms / rows, 2)} ms a row, CPU ${fixed(cpuMs / rows, 2)} ms`;
    console.log(
      `${rows.toLocaleString('en')} rows: ${each}, at most ${fixed(mb)} MB, ${fixed(mb / first, 2)}x; load ${fixed(loadavg()[0], 1)}`,
    );
  }
}

/** Runs a batch. `ms`: from the first row to the end of the program; `mb`: the most that the process took. `onMark`: hears how much that is by now. */
async function batch(baseURL, rows, { onMark } = {}) {
  const own = await mkdtemp(join(folder, 'run-'));
  const file = createWriteStream(join(own, 'rows.txt'));
  for (let row = 1; row <= rows; row++) if (!file.write(`a boat, number ${row}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
  const env = {
    PATH: process.env.PATH,
    HOME: own,
    ANYIMAGE_HOME: join(own, 'home'),
    ANYIMAGE_KEYCHAIN: 'off',
    NO_PROXY: '*',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: baseURL,
  };
  const words = ['batch', 'rows.txt', '-o', 'out', '-m', 'openai/gpt-image-2', '--at-once', `${atOnce}`];
  const child = spawn(process.execPath, [cli, ...words], { cwd: own, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let mb = 0;
  let started;
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
    // What is told before the first row is sent.
    started ??= performance.now();
  });
  let made = 0;
  child.stdout.on('data', (bytes) => {
    const before = made;
    // The path of a picture is a line.
    for (const byte of bytes) if (byte === 10) made += 1;
    const mark = marks.find((one) => before < one && made >= one);
    if (mark && onMark) memoryOf('VmRSS').then((mb) => onMark(mark, mb));
  });
  const memoryOf = async (what) => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  };
  const sampling = setInterval(async () => {
    mb = Math.max(mb, await memoryOf('VmHWM'));
  }, 250);
  const cpu = async () => {
    const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) * 10;
  };
  let cpuMs = 0;
  const timing = setInterval(async () => {
    cpuMs = (await cpu()) || cpuMs;
  }, 250);
  const [code] = await once(child, 'close');
  const ms = performance.now() - started;
  clearInterval(sampling);
  clearInterval(timing);
  if (code !== 0) throw new Error(`ended with ${code}: ${said.slice(-2000)}`);
  await rm(own, { recursive: true, force: true, maxRetries: 3 });
  return { ms, mb, cpuMs };
}
