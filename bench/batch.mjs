// npm run bench -- batch                how near to the best a batch comes, and what memory it takes
// npm run bench -- batch --rows 200000  with so many rows for the memory; default 20,000
// The service answers after 200 ms, and 32 calls run at a time, for the one; at once, and as fast as it goes, for the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cli } from './apps.mjs';
import { withService } from './measure.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '20000' }, calls: { type: 'string', default: '3200' } },
});
const latencyMs = 200;
const atOnce = 32;
const fixed = (value, digits = 0) => value.toFixed(digits);

const folder = await mkdtemp(join(tmpdir(), 'anyimage-batch-'));
try {
  await withService(async (origin) => {
    await throughput(origin, Number(values.calls));
    await memory(origin, [2000, Number(values.rows)]);
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
  console.log(`  ${fixed((100 * ideal) / ms, 1)} % of the best; CPU ${fixed(cpuMs / rows, 2)} ms a row`);
}

async function memory(origin, counts) {
  let first;
  for (const rows of counts) {
    const { ms, mb, cpuMs } = await batch(`${origin}/base64-whole`, rows);
    first ??= mb;
    const each = `${fixed(ms / rows, 2)} ms a row, CPU ${fixed(cpuMs / rows, 2)} ms`;
    console.log(`${rows.toLocaleString('en')} rows: ${each}, at most ${fixed(mb)} MB, ${fixed(mb / first, 2)}x`);
  }
}

/** Runs a batch. `ms`: from the first row to the end of the program; `mb`: the most that the process took. */
async function batch(baseURL, rows) {
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
  child.stdout.resume();
  const sampling = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    mb = Math.max(mb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
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
