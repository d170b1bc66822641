// The command line killed, or its disk filled, at random moments: what was paid for is a picture with its record, or a ticket.
// node --conditions=anyimage-source packages/e2e/src/kill-runs.ts --seed 7 --runs 300 [--disk] prints the table of a seed.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fileTicketStore } from '@anyimage/host';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import type { Emulator, EmulatorFactory } from '@anyimage/testkit';
import { newPerson, type Person } from './run-cli.ts';

/** The ways in which a picture comes: every one of them is killed. */
const ways: readonly { readonly name: string; readonly factory: EmulatorFactory; readonly words: readonly string[] }[] =
  [
    { name: 'sync by URL', factory: cogview, words: ['-m', 'cogview'] },
    { name: 'sync as base64', factory: openai, words: ['-m', 'openai/gpt-image-1-mini'] },
    { name: 'stream', factory: openai, words: ['-m', 'openai/gpt-image-1-mini', '--partials', '2'] },
    { name: 'job', factory: bailian, words: ['-m', 'bailian/wan2.2-t2i-flash'] },
    { name: 'batch of 8', factory: cogview, words: ['-m', 'cogview', '-n', '8'] },
    { name: 'resume', factory: bailian, words: ['-m', 'bailian/wan2.2-t2i-flash', '-n', '2'] },
  ];

/** What became of one run. */
export interface KillRun {
  readonly way: string;
  /** Pictures that the service counted as paid. */
  readonly paid: number;
  readonly pictures: number;
  /** Pictures on tickets that can be fetched, and on those of which nobody knows. */
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
  /** The disk fills at a random moment, in place of a kill. */
  readonly disk?: boolean;
  readonly onRun?: (run: KillRun, index: number) => void;
}

/** Runs the command line so many times; each is killed, and then resumed. */
export async function killRuns({ seed, runs, disk = false, onRun }: KillOptions): Promise<readonly KillRun[]> {
  const random = randomOf(seed);
  const results: KillRun[] = [];
  for (let index = 0; index < runs; index++) {
    const way = ways[index % ways.length]!;
    const run = disk ? await fillOnce(way, random) : await killOnce(way, random);
    results.push(run);
    onRun?.(run, index);
  }
  return results;
}

type Way = (typeof ways)[number];

async function killOnce(way: Way, random: () => number): Promise<KillRun> {
  const { service, person, close } = await begin(way);
  try {
    if (way.name === 'resume') {
      await strike(service, person, random, ['a boat', ...way.words]);
      await strike(service, person, random, ['jobs', 'resume', 'all']);
    } else {
      await strike(service, person, random, ['a boat', ...way.words]);
    }
    await person.run('jobs', 'resume', 'all');
    return await countAll(way, service, person);
  } finally {
    await close();
  }
}

/** Starts the command and kills it some time after the service heard of it so and so often. */
async function strike(
  service: Emulator,
  person: Person,
  random: () => number,
  words: readonly string[],
): Promise<void> {
  const events = 1 + Math.floor(random() * 6);
  const delay = random() * 40;
  const { child, ended } = person.start(...words);
  const before = service.requests.length;
  const enough = service.waitFor(() => service.requests.length - before >= events).catch(() => {});
  await Promise.race([enough, ended]);
  await pause(delay);
  child.kill('SIGKILL');
  await ended;
}

async function fillOnce(way: Way, random: () => number): Promise<KillRun> {
  const { service, person, close } = await begin(way);
  try {
    // In units of 1024 bytes: from files that hold no picture to files that hold all.
    const limit = 1 + Math.floor(random() * 64);
    await person.runLimited(limit, 'a boat', ...way.words);
    await person.run('jobs', 'resume', 'all');
    return await countAll(way, service, person);
  } finally {
    await close();
  }
}

async function begin({ factory }: Way) {
  const service = await factory.start({ checks: 1, latencyMs: 5 });
  const person = await newPerson(service.env);
  const close = async () => {
    await service.close();
    await Promise.all([person.folder, person.home].map((path) => rm(path, { recursive: true, force: true })));
  };
  return { service, person, close };
}

async function countAll({ name }: Way, service: Emulator, person: Person): Promise<KillRun> {
  const paid = service.requests
    .filter(({ spends, accepted }) => spends && accepted)
    .reduce((sum, { body }) => sum + picturesOf(body), 0);
  const kept = [person.folder, join(person.home, 'rescued')];
  const files = (await Promise.all(kept.map((folder) => readdir(folder).catch(() => [])))).flat();
  const pictures = files.filter((file) => /\.(png|jpg|webp)$/.test(file));
  const tickets = await fileTicketStore(join(person.home, 'tickets')).list();
  const owed = (isUncertain: boolean) =>
    tickets
      .filter(({ uncertain = false, state }) => uncertain === isUncertain && state !== 'done')
      .reduce((sum, { outputs, request }) => sum + (outputs?.length ?? request.n), 0);
  return {
    way: name,
    paid,
    pictures: pictures.length,
    open: owed(false),
    uncertain: owed(true),
    bare: pictures.filter((picture) => !files.includes(`${picture}.json`)).length,
  };
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

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
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
    },
  });
  const onRun = (_: KillRun, index: number) => process.stderr.write(`\r${index + 1} of ${values.runs}`);
  const results = await killRuns({
    seed: Number(values.seed),
    runs: Number(values.runs),
    disk: values.disk ?? false,
    onRun,
  });
  console.log(`\nseed ${values.seed}\n\n${tableOf(results)}`);
  process.exitCode = results.some((run) => lostIn(run) > 0 || twiceIn(run) > 0) ? 1 : 0;
}
