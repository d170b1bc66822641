// A batch that is killed again and again while its services fail in every way: each row is a picture, refused or uncertain, and none is
// sent twice. `pnpm --filter @anyimage/e2e batch-kills --seed 7 --rows 500 --kills 10` prints what became of it.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import type { Emulator, EmulatorFactory } from '@anyimage/testkit';
import { randomOf } from './kill-runs.ts';
import { newPerson, type Person } from './run-cli.ts';

interface Way {
  readonly factory: EmulatorFactory;
  readonly model: string;
  /** The point that spends. */
  readonly point: string;
}

const ways: readonly Way[] = [
  { factory: cogview, model: 'cogview/cogview-4', point: 'generate' },
  { factory: openai, model: 'openai/gpt-image-2', point: 'generate' },
  { factory: bailian, model: 'bailian/wan2.2-t2i-flash', point: 'submit' },
];

/** What a service does to a row, and how often such a row is among a hundred. */
const troubles = [
  { name: 'refused', percent: 4, fault: { kind: 'failure', code: 'content-blocked' }, times: 'always' },
  { name: '429', percent: 5, fault: { kind: 'failure', code: 'rate-limit' }, times: 1 },
  { name: '503', percent: 4, fault: { kind: 'failure', code: 'unavailable' }, times: 1 },
  { name: 'cut', percent: 3, fault: { kind: 'cut' }, times: 1 },
  { name: 'cut in the middle', percent: 2, fault: { kind: 'cut', at: 'body' }, times: 1 },
] as const;

export interface BatchKillOptions {
  readonly seed: number;
  readonly rows: number;
  readonly kills: number;
  readonly onRun?: (told: string) => void;
}

/** What became of a batch. */
export interface BatchKills {
  readonly rows: number;
  /** Runs that were killed, and those that ended by themselves. */
  readonly killed: number;
  readonly ended: number;
  /** Rows whose service did something to them. */
  readonly troubled: Readonly<Record<string, number>>;
  readonly pictures: number;
  /** Files of pictures in the folder. */
  readonly files: number;
  readonly refused: number;
  readonly uncertain: number;
  /** Submissions that services accepted, before `--retry-uncertain`. */
  readonly accepted: number;
  /** Prompts that were accepted more than once before, and after it. */
  readonly twice: readonly string[];
  readonly twiceOnPurpose: number;
  /** After `--retry-uncertain`. */
  readonly after: Readonly<Record<'pictures' | 'refused' | 'uncertain', number>>;
  readonly faults: readonly string[];
}

/** Runs the batch until it is over, killed at random moments at first. */
export async function batchKills({ seed, rows, kills, onRun = () => {} }: BatchKillOptions): Promise<BatchKills> {
  const random = randomOf(seed);
  const services = await Promise.all(ways.map(({ factory }) => factory.start({ checks: 1, latencyMs: 30 })));
  const person = await newPerson(Object.assign({}, ...services.map(({ env }) => env)));
  try {
    const troubled = await prepare(person, services, rows, random);
    const words = ['batch', 'rows.jsonl', '-o', 'out', '--at-once', '4', '--json'];
    let killed = 0;
    for (let time = 0; time < kills; time++) {
      const events = 1 + Math.floor(random() * ((1.6 * rows) / (kills + 1)));
      if (await kill(person, services, words, events, random() * random() * 150)) killed += 1;
      onRun(`killed ${time + 1} times, ${spent(services)} sent`);
    }
    const ended = await untilOver(person, words, onRun);
    const before = await countsIn(person);
    const accepted = acceptedBy(services);
    const faults = [...ended.faults, ...(await wrongFiles(person))];
    onRun('asking for what is uncertain');
    await person.run(...words, '--retry-uncertain');
    const after = await countsIn(person);
    return {
      rows,
      killed,
      ended: ended.runs,
      troubled,
      ...before,
      accepted: sum(accepted.values()),
      twice: prompts(accepted, 2),
      twiceOnPurpose: prompts(acceptedBy(services), 2).length,
      after,
      faults,
    };
  } finally {
    await Promise.all(services.map((service) => service.close()));
    await Promise.all([person.folder, person.home].map((path) => rm(path, { recursive: true, force: true })));
  }
}

/** Writes the rows, and tells the services what to do to them. */
async function prepare(person: Person, services: readonly Emulator[], rows: number, random: () => number) {
  const troubled: Record<string, number> = {};
  const lines: string[] = [];
  for (let row = 1; row <= rows; row++) {
    const which = Math.floor(random() * ways.length);
    const prompt = `a boat, number ${row}`;
    lines.push(JSON.stringify({ prompt, model: ways[which]!.model }));
    let left = random() * 100;
    const trouble = troubles.find(({ percent }) => {
      left -= percent;
      return left < 0;
    });
    if (!trouble) continue;
    troubled[trouble.name] = (troubled[trouble.name] ?? 0) + 1;
    const on = (request: { readonly point?: string; readonly body: unknown }) =>
      request.point === ways[which]!.point && promptIn(request.body) === prompt;
    services[which]!.fault({ ...trouble.fault, times: trouble.times, on });
  }
  await writeFile(join(person.folder, 'rows.jsonl'), lines.join('\n'));
  return troubled;
}

function promptIn(body: unknown): unknown {
  const { prompt, input } = (body ?? {}) as { prompt?: unknown; input?: { prompt?: unknown } };
  return prompt ?? input?.prompt;
}

/** Whether it was still at work then. */
async function kill(
  person: Person,
  services: readonly Emulator[],
  words: readonly string[],
  events: number,
  delay: number,
): Promise<boolean> {
  const before = spent(services);
  const { child, ended } = person.startWithin('', words);
  const enough = services.map((service) => service.waitFor(() => spent(services) - before >= events).catch(() => {}));
  await Promise.race([...enough, ended]);
  await Promise.race([pause(delay), ended]);
  child.kill('SIGKILL');
  return (await ended).code === null;
}

/** Requests that cost money. */
function spent(services: readonly Emulator[]): number {
  return sum(services.map(({ requests }) => requests.filter(({ spends }) => spends).length));
}

/** Runs the command as a person does who is told that something is missing. */
async function untilOver(person: Person, words: readonly string[], onRun: (told: string) => void) {
  const faults: string[] = [];
  for (let runs = 1; ; runs++) {
    const { code, stdout, stderr } = await person.run(...words);
    const { batch } = JSON.parse(stdout || '{}') as { batch?: Readonly<Record<string, number>> };
    const missing = batch && batch.total! - batch.done! - batch.refused! - batch.uncertain!;
    onRun(`run ${runs}: exit code ${code}, ${missing} missing`);
    if (/\n {4}at |TypeError/.test(stderr)) faults.push(`a stack trace: ${stderr}`);
    if (!batch) faults.push(`run ${runs} printed no sums: ${stderr}`);
    if (missing === 0 || runs === 8) {
      if (missing !== 0) faults.push(`${missing} rows are missing after ${runs} runs: ${stderr}`);
      if (code !== 3) faults.push(`exit code ${code}`);
      return { runs, faults };
    }
  }
}

interface ReportRow {
  readonly n: number;
  readonly state: string;
  readonly pictures: readonly { readonly path: string }[];
}

async function reportOf(person: Person): Promise<readonly ReportRow[]> {
  const text = await readFile(join(person.folder, 'out', 'report.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function countsIn(person: Person) {
  const rows = await reportOf(person);
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  const names = await readdir(join(person.folder, 'out'));
  return {
    pictures: count('done'),
    files: names.filter((name) => /^[^.].*\.(png|jpg|webp)$/.test(name)).length,
    refused: count('refused'),
    uncertain: count('uncertain'),
  };
}

/** Rows that share a picture or a number, or whose picture is not there. */
async function wrongFiles(person: Person): Promise<readonly string[]> {
  const rows = await reportOf(person);
  const names = new Set(await readdir(join(person.folder, 'out')));
  const paths = rows.flatMap(({ pictures }) => pictures.map(({ path }) => path));
  const numbers = rows.map(({ n }) => n);
  return [
    ...paths.filter((path) => !names.has(path)).map((path) => `${path} is not there`),
    ...paths.filter((path) => !names.has(`${path}.json`)).map((path) => `${path} has no record`),
    ...paths.filter((path, index) => paths.indexOf(path) !== index).map((path) => `${path} is of two rows`),
    ...numbers.filter((n, index) => numbers.indexOf(n) !== index).map((n) => `row ${n} is there twice`),
  ];
}

/** How often each prompt was accepted. */
function acceptedBy(services: readonly Emulator[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { requests } of services) {
    for (const { spends, accepted, body } of requests) {
      const prompt = String(promptIn(body));
      if (spends && accepted) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
    }
  }
  return counts;
}

function prompts(accepted: ReadonlyMap<string, number>, times: number): readonly string[] {
  return [...accepted].filter(([, count]) => count >= times).map(([prompt]) => prompt);
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

/** What must not be. */
export function faultsOf(batch: BatchKills): readonly string[] {
  const { rows, pictures, files, refused, uncertain, accepted, twice, twiceOnPurpose } = batch;
  const { after } = batch;
  const faults = [...batch.faults];
  if (pictures + refused + uncertain !== rows) faults.push(`${pictures} + ${refused} + ${uncertain} are not ${rows}`);
  if (files !== pictures) faults.push(`${files} files for ${pictures} rows`);
  if (accepted > rows) faults.push(`${accepted} submissions for ${rows} rows`);
  if (twice.length > 0) faults.push(`sent twice: ${twice.join('; ')}`);
  if (accepted < pictures) faults.push(`${accepted} submissions for ${pictures} pictures`);
  if (twiceOnPurpose > uncertain) faults.push(`${twiceOnPurpose} sent twice of ${uncertain} that were uncertain`);
  if (after.pictures + after.refused + after.uncertain !== rows)
    faults.push('rows were lost when they were asked anew');
  return faults;
}

/** What became of it, for a person. */
export function summaryOf(batch: BatchKills): string {
  const { rows, killed, ended, troubled, pictures, refused, uncertain, accepted, twice } = batch;
  const { twiceOnPurpose, after } = batch;
  return [
    `rows ${rows}; killed ${killed} times, then ${ended} runs to the end`,
    `the services: ${Object.entries(troubled)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `pictures ${pictures} + refused ${refused} + uncertain ${uncertain} = ${pictures + refused + uncertain}`,
    `submissions accepted ${accepted}; rows accepted twice ${twice.length}`,
    `with --retry-uncertain: pictures ${after.pictures} + refused ${after.refused} + uncertain ${after.uncertain}; ${twiceOnPurpose} accepted twice, on purpose`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      rows: { type: 'string', default: '500' },
      kills: { type: 'string', default: '10' },
    },
  });
  const onRun = (told: string) => process.stderr.write(`${told}\n`);
  const [seed, rows, kills] = [values.seed, values.rows, values.kills].map(Number) as [number, number, number];
  const batch = await batchKills({ seed, rows, kills, onRun });
  const faults = faultsOf(batch);
  console.log(['', `seed ${seed}`, summaryOf(batch), ...faults.map((fault) => `FAULT: ${fault}`)].join('\n'));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
