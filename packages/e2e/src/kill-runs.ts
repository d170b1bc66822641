// The command line and programs of the library killed, or their disk filled, at random moments: what was paid for is a picture with
// its record, or a ticket. `pnpm --filter @anyimage/e2e kill-runs --seed 7 --runs 300` prints the table of a seed. `--disk` fills
// the disk instead, by a limit to the size of files; `--disk --at FOLDER` fills the small disk that is there.

import { open, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Ticket } from '@anyimage/core';
import { fileTicketStore } from '@anyimage/host';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import type { Emulator, EmulatorFactory } from '@anyimage/testkit';
import { type Asked, newPerson, type Person } from './run-cli.ts';

/** A way in which a picture comes. */
interface Way {
  readonly name: string;
  readonly factory: EmulatorFactory;
  readonly asked: Asked;
  /** How many requests it takes until the picture is here. */
  readonly requests: number;
  /** What fetches it is struck, too. */
  readonly isResumed?: true;
}

const prompt = 'a boat';
const gptImage2 = 'openai/gpt-image-2';
const flash = 'bailian/wan2.2-t2i-flash';
const ways: readonly Way[] = [
  { name: 'sync by URL', factory: cogview, asked: [prompt, '-m', 'cogview'], requests: 2 },
  { name: 'sync as base64', factory: openai, asked: [prompt, '-m', gptImage2], requests: 1 },
  // Partial pictures are for programs.
  { name: 'stream', factory: openai, asked: { prompt, model: gptImage2, n: 2, partials: 2 }, requests: 2 },
  { name: 'job', factory: bailian, asked: [prompt, '-m', flash, '-o', 'boat.png'], requests: 4 },
  { name: 'batch of 8', factory: cogview, asked: [prompt, '-m', 'cogview', '-n', '8'], requests: 16 },
  { name: 'resume', factory: bailian, asked: [prompt, '-m', flash, '-n', '2'], requests: 5, isResumed: true },
];

/** What became of one run. */
export interface KillRun {
  readonly way: string;
  /** Pictures that the service counted as paid. */
  readonly paid: number;
  readonly pictures: number;
  /** Pictures on tickets that can be fetched, and on those of which nobody knows; none of which there is a record. */
  readonly open: number;
  readonly uncertain: number;
  /** Pictures without their sidecar. */
  readonly bare: number;
}

/** Paid, and neither a picture with its record nor on a ticket. */
export function lostIn({ paid, pictures, bare, open, uncertain }: KillRun): number {
  return Math.max(0, paid - (pictures - bare) - open - uncertain);
}

/** More pictures than were paid for: one of them was fetched, and paid, twice. */
export function twiceIn({ paid, pictures }: KillRun): number {
  return Math.max(0, pictures - paid);
}

export interface KillOptions {
  readonly seed: number;
  readonly runs: number;
  /** What strikes: a kill (default), a limit to the size of files, or a disk that fills, which is this folder. */
  readonly by?: 'kill' | 'limit' | { readonly disk: string };
  readonly onRun?: (run: KillRun, index: number) => void;
}

/** Runs each way in turn, strikes it at a random moment, and then resumes. */
export async function killRuns({ seed, runs, by = 'kill', onRun }: KillOptions): Promise<readonly KillRun[]> {
  const random = randomOf(seed);
  const results: KillRun[] = [];
  for (let index = 0; index < runs; index++) {
    const run = await runOnce(ways[index % ways.length]!, by, random);
    results.push(run);
    onRun?.(run, index);
  }
  return results;
}

async function runOnce(way: Way, by: NonNullable<KillOptions['by']>, random: () => number): Promise<KillRun> {
  const service = await way.factory.start({ checks: 1, latencyMs: 5 });
  const elsewhere = await newPerson();
  // Bytes that find no room on the disk are kept in the temporary folder, which is this run's own.
  const env = { ...service.env, TMPDIR: elsewhere.folder };
  const person = await newPerson(env, typeof by === 'object' ? by.disk : undefined);
  try {
    const strike = (asked: Asked) => {
      const moment: Moment = { events: 1 + Math.floor(random() * way.requests), delay: random() * random() * 120 };
      if (by === 'kill') return kill(moment, service, person, asked);
      return by === 'limit' ? limit(random, person, asked) : fill(by.disk, moment, service, person, asked);
    };
    await strike(way.asked);
    if (way.isResumed) await strike(['jobs', 'resume', 'all']);
    await person.run('jobs', 'resume', 'all');
    const rescued = (await readdir(elsewhere.folder)).map((name) => join(elsewhere.folder, name));
    return {
      way: way.name,
      ...(await countAll(service, person, [person.folder, join(person.home, 'rescued'), ...rescued])),
    };
  } finally {
    await service.close();
    const folders = [person, elsewhere].flatMap(({ folder, home }) => [folder, home]);
    await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true })));
  }
}

/** Kills it some time after the service heard of it so and so often. */
async function kill(moment: Moment, service: Emulator, person: Person, asked: Asked): Promise<void> {
  const { child, ended } = person.startWithin('', asked);
  await comes(moment, service, ended);
  child.kill('SIGKILL');
  await ended;
}

/** In units of 1024 bytes: from files that hold no picture to files that hold all. */
async function limit(random: () => number, person: Person, asked: Asked): Promise<void> {
  await person.startWithin(`ulimit -f ${1 + Math.floor(random() * 64)}`, asked).ended;
}

/** Fills the disk some time after the service heard of it; frees it when the command has ended. */
async function fill(disk: string, moment: Moment, service: Emulator, person: Person, asked: Asked): Promise<void> {
  const { ended } = person.startWithin('', asked);
  await comes(moment, service, ended);
  const ballast = join(disk, 'ballast');
  const file = await open(ballast, 'w');
  try {
    const { bavail, bsize } = await statfs(disk);
    const block = Buffer.alloc(64 * 1024);
    for (let rest = bavail * bsize; rest > 0; rest -= block.length) {
      await file.write(block, 0, Math.min(rest, block.length)).catch(() => {});
    }
    await ended;
  } finally {
    await file.close();
    await rm(ballast);
  }
}

interface Moment {
  /** Requests that the service got. */
  readonly events: number;
  /** After the last of them, ms. */
  readonly delay: number;
}

async function comes({ events, delay }: Moment, service: Emulator, ended: Promise<unknown>): Promise<void> {
  const before = service.requests.length;
  const enough = service.waitFor(() => service.requests.length - before >= events).catch(() => {});
  await Promise.race([enough, ended]);
  await pause(delay);
}

async function countAll(service: Emulator, person: Person, folders: readonly string[]): Promise<Omit<KillRun, 'way'>> {
  const paid = service.requests
    .filter(({ spends, accepted }) => spends && accepted)
    .reduce((sum, { body }) => sum + picturesOf(body), 0);
  const inFolder = async (folder: string) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  const files = (await Promise.all(folders.map(inFolder))).flat();
  const pictures = files.filter((file) => /\.(png|jpg|webp)$/.test(file));
  const recorded = new Set(await Promise.all(files.filter((file) => file.endsWith('.json')).map(idIn)));
  const tickets = await fileTicketStore(join(person.home, 'tickets')).list();
  const owed = (isUncertain: boolean) =>
    tickets
      .filter(({ uncertain = false, state }) => uncertain === isUncertain && state !== 'done')
      .flatMap(picturesOn)
      .filter((id) => !recorded.has(id)).length;
  const bare = pictures.filter((picture) => !files.includes(`${picture}.json`)).length;
  return { paid, pictures: pictures.length, open: owed(false), uncertain: owed(true), bare };
}

async function idIn(sidecar: string): Promise<string> {
  return JSON.parse(await readFile(sidecar, 'utf8')).id;
}

/** The ids of the pictures that a ticket stands for, as their sidecars have them. */
function picturesOn({ id, outputs, request, place }: Ticket): readonly string[] {
  const indices =
    outputs?.map(({ index }) => index) ?? Array.from({ length: request.n }, (_, own) => place!.first + own);
  return indices.map((index) => `${id}-${index}`);
}

/** How many pictures a request of one of the services asks for. */
function picturesOf(body: unknown): number {
  const { n, parameters } = (body ?? {}) as { n?: unknown; parameters?: { n?: unknown } };
  return Number(n ?? parameters?.n ?? 1) || 1;
}

/** A row for each way. */
export function tableOf(results: readonly KillRun[]): string {
  const rows = ways.map(({ name }) => {
    const own = results.filter(({ way }) => way === name);
    const sum = (count: (run: KillRun) => number) => own.reduce((total, run) => total + count(run), 0);
    const counts = [own.length, sum((run) => run.paid), sum((run) => run.pictures), sum((run) => run.open)];
    const faults = [sum((run) => run.uncertain), sum((run) => run.bare), sum(lostIn), sum(twiceIn)];
    return `| ${[name, ...counts, ...faults].join(' | ')} |`;
  });
  const head = '| way | runs | paid | pictures | open | uncertain | without record | lost | twice |';
  return [head, `| --- |${' ---: |'.repeat(8)}`, ...rows].join('\n');
}

/** What a table must not show: something lost, made twice, or without its record; and a way in which nothing was paid tests nothing. */
export function faultsIn(results: readonly KillRun[]): readonly string[] {
  const faults = results.flatMap((run, index) => {
    const { way, bare } = run;
    const counts = { lost: lostIn(run), twice: twiceIn(run), 'without record': bare };
    const found = Object.entries(counts).filter(([, count]) => count > 0);
    return found.map(([what, count]) => `run ${index + 1} (${way}): ${count} ${what}`);
  });
  const idle = ways.filter(({ name }) => !results.some(({ way, paid }) => way === name && paid > 0));
  return [...faults, ...idle.map(({ name }) => `${name}: nothing was paid`)];
}

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '300' },
      disk: { type: 'boolean' },
      at: { type: 'string' },
    },
  });
  const { seed, runs, disk, at } = values;
  const onRun = (_: KillRun, index: number) => process.stderr.write(`\r${index + 1} of ${runs}`);
  const by = disk ? (at === undefined ? 'limit' : { disk: at }) : 'kill';
  const results = await killRuns({ seed: Number(seed), runs: Number(runs), by, onRun });
  const faults = faultsIn(results);
  console.log(['', `seed ${seed}`, '', tableOf(results), '', ...faults].join('\n'));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
