// npm run bench -- growth           what grows with what is there: time, memory and open files
// npm run bench -- growth --quick   the same with fewer pictures and tickets
// npm run bench -- growth rows      only that: of pictures, tickets, aliases, rows and changes, those that are named
// `x` compares `each` with that of the smallest. `each` is the time of the process's CPU for a turn, and where the work grows for each
// thing that there is: other work on the machine changes it little. `time` is that of the clock.
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient, memoryTicketStore } from '@anyimage/core';
import { fileTicketStore, openHistory } from '@anyimage/host';
import { cogview } from '@anyimage/provider-cogview';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { inProcess, median, pathOf } from './measure.mjs';

const isQuick = process.argv.includes('--quick');
const named = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const kinds = {
  pictures: () => pictures(isQuick ? [0, 400, 10_000] : [0, 400, 10_000, 100_000]),
  tickets: () => tickets(isQuick ? [10, 100, 500] : [10, 100, 1000, 10_000]),
  aliases: () => inChild('aliases', [1, 10, 100, 1000, 5000]),
  rows: () => inChild('rows', [50, 500, 2000, 8000]),
  changes: () => changes([0, 10, 50, 100, 200]),
};
const cli = pathOf('../apps/cli/dist/anyimage.js');
const mcp = pathOf('../apps/mcp/dist/anyimage-mcp.js');
const rows = [];
/** The words that run a program with `watch`. */
const watched = (isAsked) => {
  const script = encodeURIComponent(`(${watch})(${isAsked})`);
  return ['--expose-gc', '--import', `data:text/javascript,${script}`];
};
const fixed = (value) => value.toFixed(value < 0.1 ? 4 : value < 10 ? 2 : 0);

/** Notes a figure. `smallest`: of the same kind, with which it is compared. */
function note(what, count, { ms, perThing, mb, files, bytes }, smallest) {
  const time = perThing ?? ms;
  const ratio = smallest === undefined ? '' : `${(time / (smallest.perThing ?? smallest.ms)).toFixed(2)}x`;
  const row = [
    what,
    count.toLocaleString('en'),
    ms === undefined ? '' : `${fixed(ms)} ms`,
    perThing === undefined ? '' : `${fixed(perThing)} ms`,
    ratio,
    mb === undefined ? '' : `${Math.round(mb)} MB`,
    files === undefined ? '' : `${files}`,
    bytes === undefined ? '' : `${bytes} B`,
  ];
  rows.push(row);
  console.log(row.filter(Boolean).join(' | '));
}

const folder = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-growth-')));
try {
  for (const [kind, measure] of Object.entries(kinds)) if (named.length === 0 || named.includes(kind)) await measure();
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
const heads = ['what', 'how many', 'time', 'each', 'x', 'memory in use', 'open files', 'told'];
console.log(`\n${[heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')}`);

/** A picture made and kept, and the newest listed, by a server beside so many pictures. */
async function pictures(counts) {
  const first = {};
  for (const count of counts) {
    const home = await newFolder();
    const output = await newFolder();
    await fillWithPictures(home, output, count);
    await withServer({ ANYIMAGE_HOME: home, ANYIMAGE_OUTPUT: output }, async (server) => {
      const made = await server.inTurns(15, () => draw(server));
      first.made ??= made;
      note('generate_image (sketch, 64x64) beside pictures', count, made, first.made);
      const listed = await server.inTurns(15, () => server.ask('resources/list', {}));
      if (count > 0) first.listed ??= listed;
      note('resources/list', count, listed, first.listed);
    });
  }
}

/** Listing so many tickets, and fetching all. */
async function tickets(counts) {
  const service = await emulator.start({ checks: 0 });
  try {
    const template = await deliveredTicket(service);
    const first = {};
    for (const count of counts) {
      const home = await newFolder();
      await fillWithTickets(home, template, count);
      const env = { ...service.env, ANYIMAGE_HOME: home, ANYIMAGE_OUTPUT: await newFolder() };
      const listed = [];
      for (let turn = 0; turn < 5; turn++) listed.push(await command(['jobs', 'list', '--json'], env));
      const list = { ms: median(listed.map(({ ms }) => ms)), mb: median(listed.map(({ mb }) => mb)) };
      note('anyimage jobs list', count, list);
      const resumed = await command(['jobs', 'resume', 'all'], env);
      if (resumed.code !== 0) throw new Error(resumed.stderr);
      const each = { ...resumed, perThing: (resumed.cpuMs - median(listed.map(({ cpuMs }) => cpuMs))) / count };
      // The first pictures of a process load and compile: the smallest count is no measure for the others.
      if (count > counts[0]) first.each ??= each;
      note('anyimage jobs resume all', count, each, first.each);
    }
  } finally {
    await service.close();
  }
}

/** A server whose config changes so often, with a picture after each change. */
async function changes(counts) {
  const home = await newFolder();
  const configure = (perDay) =>
    writeFile(join(home, 'config.json'), JSON.stringify({ budget: { currency: 'EUR', perDay } }));
  await withServer({ ANYIMAGE_HOME: home, ANYIMAGE_OUTPUT: join(home, 'out') }, async (server) => {
    let changed = 0;
    let first;
    await draw(server);
    for (const count of counts) {
      for (; changed < count; changed++) {
        await configure(changed + 1);
        await draw(server);
      }
      const made = await server.inTurns(15, () => draw(server));
      first ??= made;
      note('generate_image after changes of the config', count, made, first);
    }
  });
}

/** What `growth-child.mjs` measures of one kind, each count in a process of its own. */
async function inChild(kind, counts) {
  const first = new Map();
  for (const count of counts) {
    for (const { what, ...figures } of await inProcess('growth-child.mjs', kind, `${count}`)) {
      if (!first.has(what)) first.set(what, figures);
      note(what, count, figures, first.get(what));
    }
  }
}

async function newFolder() {
  const path = join(folder, randomBytes(4).toString('hex'));
  await mkdir(path);
  return path;
}

async function fillWithPictures(home, output, count) {
  for (let from = 0; from < count; from += 200) {
    const some = Array.from({ length: Math.min(200, count - from) }, (_, at) => from + at);
    await Promise.all(some.map((at) => writePicture(join(output, `picture-${at}.png`), at)));
  }
  const history = openHistory(home);
  await history.rebuild(count > 0 ? [output] : []);
  await history.close();
  // What the disk has not written yet would be waited for by the first pictures. Where there is no such command, they wait.
  await new Promise((resolve) => execFile('sync', resolve));
}

async function writePicture(path, at) {
  const prompt = `a boat number ${at}`;
  const createdAt = new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString();
  const sha256 = createHash('sha256').update(prompt).digest('hex');
  const facts = {
    anyimage: 1,
    prompt: { original: prompt, sent: prompt },
    model: 'sketch/sketch-1',
    createdAt,
    sha256,
  };
  await Promise.all([writeFile(path, ''), writeFile(`${path}.json`, JSON.stringify(facts))]);
}

/** The ticket of a picture that is made and not fetched. */
async function deliveredTicket(service) {
  const store = memoryTicketStore();
  let delivered;
  const put = async (ticket) => {
    if (ticket.state === 'delivered') delivered = ticket;
    await store.put(ticket);
  };
  const client = createClient({ providers: [cogview()], env: service.env, tickets: { ...store, put } });
  await client.generate({ prompt: 'a boat', model: 'cogview' });
  await client.close();
  return delivered;
}

async function fillWithTickets(home, template, count) {
  const store = fileTicketStore(join(home, 'tickets'));
  for (let at = 0; at < count; at++) {
    const id = `t-${at.toString(16).padStart(8, '0')}`;
    await store.create({ ...template, id, intent: `growth-${at}`, at: template.at + at });
  }
  await store.close();
}

async function draw(server) {
  const words = { prompt: 'a boat', model: 'sketch', size: '64x64' };
  const { result } = await server.ask('tools/call', { name: 'generate_image', arguments: words });
  if (!result || result.isError) throw new Error(JSON.stringify(result));
}

/**
 * What a process does besides: it says how much memory is in use, collected before, when it is asked by a signal, and at its end the most
 * that it was when looked at twice a second. The size of a process alone tells how seldom it collects.
 */
function watch(isAsked) {
  const use = () => {
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 2 ** 20;
  };
  let most = 0;
  const look = () => {
    most = Math.max(most, use());
  };
  if (!isAsked) setInterval(look, 500).unref();
  const cpuMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  // The time of the CPU first: to collect takes some, too.
  process.on('SIGUSR2', () => process.stderr.write(`cpu ${cpuMs()} use ${use()} then ${cpuMs()}\n`));
  process.on('exit', () => process.stderr.write(`\nmost ${Math.max(most, use())} cpu ${cpuMs()}`));
}

/** Runs a command of the command line: its time, and the most memory that was in use. */
async function command(words, env) {
  const args = [...watched(false), cli, ...words];
  const started = performance.now();
  const { code, stderr } = await new Promise((resolve) => {
    execFile(process.execPath, args, { env: plainEnv(env), maxBuffer: 2 ** 28 }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
  const ms = performance.now() - started;
  const [, mb, cpuMs] = /most ([\d.]+) cpu ([\d.]+)$/.exec(stderr) ?? [];
  return { ms, code, stderr, mb: Number(mb), cpuMs: Number(cpuMs) };
}

function plainEnv(env) {
  return { PATH: process.env.PATH, HOME: folder, ANYIMAGE_KEYCHAIN: 'off', NO_PROXY: '*', ...env };
}

/** Runs `work` with a server: lines in, lines out. */
async function withServer(env, work) {
  const child = spawn(process.execPath, [...watched(true), mcp], { env: plainEnv(env), stdio: 'pipe' });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let last = 0;
  const ask = (method, params) =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      send({ id: last, method, params });
    });
  const facts = async () => {
    child.kill('SIGUSR2');
    const [said] = await once(child.stderr, 'data');
    const [cpuMs, mb, thenMs] = [...String(said).matchAll(/[\d.]+/g)].map(Number);
    // What only Linux tells of a process; elsewhere the column stays empty.
    const files = await readdir(`/proc/${child.pid}/fd`).catch(() => undefined);
    return { cpuMs, thenMs, mb, ...(files && { files: files.length }) };
  };
  /** What a thing costs that is done one time after the other, after two times that load and compile. */
  const inTurns = async (turns, work) => {
    for (let turn = 0; turn < 2; turn++) await work();
    const before = await facts();
    const times = [];
    for (let turn = 0; turn < turns; turn++) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
    const { cpuMs, mb, files } = await facts();
    return { ms: median(times), perThing: (cpuMs - before.thenMs) / turns, mb, files };
  };
  try {
    const clientInfo = { name: 'bench', version: '1' };
    await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    send({ method: 'notifications/initialized' });
    await work({ ask, inTurns });
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    await ended;
  }
}
