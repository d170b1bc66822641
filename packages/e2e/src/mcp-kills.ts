// Clients that give up, in any words, and servers that end in any way, at random moments of a slow call: each request is sent once, and its
// picture is there, or the ticket that says that nobody knows. `pnpm --filter @anyimage/e2e mcp-kills --seed 7 --runs 200 --at-once 2` prints the table.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fileTicketStore, listOpen } from '@anyimage/host';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import type { Emulator, EmulatorFactory } from '@anyimage/testkit';
import { randomOf } from './kill-runs.ts';
import { type Message, newServer, type RawServer, type ServerParameters, startRaw } from './run-mcp.ts';

/** A way in which a picture comes. */
interface Way {
  readonly name: string;
  readonly factory: EmulatorFactory;
  readonly words: { readonly model: string; readonly n?: number };
  /** How many requests it takes until all is here. */
  readonly requests: number;
}

const ways: readonly Way[] = [
  { name: 'sync by URL', factory: cogview, words: { model: 'cogview/cogview-4' }, requests: 2 },
  { name: 'sync as base64', factory: openai, words: { model: 'openai/gpt-image-2' }, requests: 1 },
  { name: 'job', factory: bailian, words: { model: 'bailian/wan2.2-t2i-flash' }, requests: 3 },
  { name: 'four, two at a time', factory: cogview, words: { model: 'cogview/cogview-4', n: 4 }, requests: 8 },
];

/** What clients say when they give up; the last says nothing. */
const wordings: readonly (string | undefined)[] = [
  'Request timed out',
  'McpError: MCP error -32001: Request timed out',
  'timeout',
  'The operation was aborted due to timeout',
  'AbortError: This operation was aborted',
  'User cancelled the tool call',
  'the person changed their mind',
  'shutting down',
  undefined,
];

/** How a call is broken off. `lives`: the server is there afterwards. */
interface End {
  readonly name: string;
  readonly lives?: true;
  strike(server: RawServer, request: number): Promise<void>;
}

const signalled = (...signals: readonly NodeJS.Signals[]) => ({
  name: signals.join(', then '),
  async strike({ child, ended }: RawServer) {
    for (const signal of signals) {
      child.kill(signal);
      await Promise.race([ended, pause(60)]);
    }
    await ended;
  },
});

const ends: readonly End[] = [
  ...wordings.map((reason) => ({
    name: `gives up: ${reason ?? 'no reason'}`,
    lives: true as const,
    async strike({ notify }: RawServer, requestId: number) {
      notify('notifications/cancelled', { requestId, ...(reason !== undefined && { reason }) });
    },
  })),
  { name: 'leaves without a word', lives: true, strike: async () => {} },
  {
    name: 'stdin ends',
    async strike({ child, ended }) {
      child.stdin.end();
      await ended;
    },
  },
  {
    name: 'stdin ends, the next server starts at once',
    async strike({ child }) {
      child.stdin.end();
    },
  },
  signalled('SIGTERM'),
  signalled('SIGTERM', 'SIGTERM'),
  signalled('SIGTERM', 'SIGKILL'),
  signalled('SIGKILL'),
];

/** What became of one run. */
export interface McpKill {
  readonly way: string;
  readonly end: string;
  /** Whether pictures were in the answer that came before the end: then asking again is another request. */
  readonly answered: boolean;
  /** Calls that the request is made of. */
  readonly calls: number;
  /** Requests that the service got and that cost money, before the request was asked again on purpose. */
  readonly sent: number;
  readonly pictures: number;
  /** Tickets of pictures that get_image fetches. */
  readonly waiting: number;
  /** Tickets of which nobody knows. */
  readonly uncertain: number;
  /** Pictures made when an uncertain request was asked again on purpose. */
  readonly anew: number;
  /** What the one who asked again was told in the end. */
  readonly told: string;
  /** What an answer should have said and did not. */
  readonly untold: readonly string[];
}

export interface McpKillOptions {
  readonly seed: number;
  readonly runs: number;
  /** Runs at the same time; default 1. */
  readonly atOnce?: number;
  readonly onRun?: (run: McpKill, index: number) => void;
}

/** Breaks off each way by each end in turn, at a random moment, and then asks as an agent does that was told nothing. */
export async function mcpKills({ seed, runs, atOnce = 1, onRun }: McpKillOptions): Promise<readonly McpKill[]> {
  const results: McpKill[] = [];
  let next = 0;
  const runNext = async () => {
    for (let index = next++; index < runs; index = next++) {
      // Few runs meet many ends, and each of many runs is another pair.
      const place = index * 5;
      const end = ends[Math.floor(place / ways.length) % ends.length]!;
      const run = await runOnce(ways[place % ways.length]!, end, randomOf(seed * 100_000 + index));
      results[index] = run;
      onRun?.(run, index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runNext));
  return results;
}

async function runOnce(way: Way, end: End, random: () => number): Promise<McpKill> {
  const service = await way.factory.start({ checks: 1, latencyMs: 20 + Math.floor(random() * 100) });
  const settings = await newServer({ ...service.env, ANYIMAGE_GRACE_SECONDS: '20' });
  const home = settings.env.ANYIMAGE_HOME!;
  const servers: RawServer[] = [];
  const open = async () => {
    const server = await openServer(settings);
    servers.push(server);
    return server;
  };
  try {
    const words = { prompt: `a boat ${Math.floor(random() * 1e6)}`, ...way.words };
    const moment = { events: 1 + Math.floor(random() * way.requests), delay: random() * random() * 150 };
    const first = await open();
    let isAnswered = false;
    const { id, answer } = first.begin('tools/call', { name: 'generate_image', arguments: words });
    void answer.then((message) => {
      isAnswered = (toldIn('generate_image', message).document.images ?? []).length > 0;
    });
    await comes(moment, service, answer);
    const answered = isAnswered;
    await end.strike(first, id);
    // What the pipe still held when the server ended has arrived.
    const arrived = answered || (!end.lives && isAnswered);
    const isSameServer = end.lives === true && random() < 0.5;
    if (end.lives && !isSameServer) await endNow(first);
    const untold: string[] = [];
    const next = isSameServer ? first : await open();
    // What a server that is still at work will leave is not known yet.
    if (!isSameServer && hasEnded(first)) untold.push(...(await untoldIn(next, home)));
    const told = arrived ? undefined : await settled(next, words);
    const sent = spent(service);
    if (!isSameServer) await first.ended;
    const tickets = await openTickets(home);
    const uncertain = tickets.filter((ticket) => ticket.uncertain).length;
    const waiting = tickets.length - uncertain;
    if (told && uncertain > 0 && !says(told, 'again: true')) untold.push('how to ask anew');
    const pictures = await picturesIn(home);
    let anew = 0;
    if (told && uncertain > 0) {
      await settled(next, { ...words, again: true });
      anew = (await picturesIn(home)) - pictures;
      if (anew === 0) untold.push('again: true made nothing');
    }
    const calls = way.words.n ?? 1;
    const counts = { calls, sent, pictures, waiting, uncertain, anew };
    return { way: way.name, end: end.name, answered: arrived, ...counts, told: told?.text ?? '', untold };
  } finally {
    await Promise.all(servers.map(endNow));
    await service.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function openServer(settings: ServerParameters): Promise<RawServer> {
  const server = startRaw(settings);
  const clientInfo = { name: 'test', version: '1.0.0' };
  await server.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  server.notify('notifications/initialized');
  return server;
}

function hasEnded({ child }: RawServer): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function endNow({ child, ended }: RawServer): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

interface Moment {
  /** Requests that the service got. */
  readonly events: number;
  /** After the last of them, ms. */
  readonly delay: number;
}

async function comes({ events, delay }: Moment, service: Emulator, answer: Promise<unknown>): Promise<void> {
  const enough = service.waitFor(() => service.requests.length >= events).catch(() => {});
  await Promise.race([enough, answer]);
  await pause(delay);
}

interface Told {
  readonly text: string;
  readonly document: {
    readonly images?: readonly object[];
    readonly pending?: readonly { readonly id: string; readonly state: string }[];
  };
}

async function call(server: RawServer, name: string, words: object): Promise<Told> {
  return toldIn(name, await server.ask('tools/call', { name, arguments: words }));
}

function toldIn(name: string, { result, error }: Message): Told {
  if (!result) throw new Error(`${name}: ${error?.message}`);
  const content = result.content as readonly { readonly text?: string }[];
  return {
    text: content.map(({ text = '' }) => text).join('\n'),
    document: result.structuredContent as Told['document'],
  };
}

/** Asks for the picture, and fetches it until there is nothing more to be fetched. */
async function settled(server: RawServer, words: object): Promise<Told> {
  let told = await call(server, 'generate_image', { ...words, waitSeconds: 20 });
  for (let time = 0; time < 5; time++) {
    const left = told.document.pending?.find(({ state }) => state !== 'uncertain');
    if (!left) return told;
    told = await call(server, 'get_image', { id: left.id, waitSeconds: 20 });
  }
  return told;
}

/** Whether both halves of an answer say something. */
function says({ text, document }: Told, words: string): boolean {
  return text.includes(words) && JSON.stringify(document).includes(words);
}

/** What is open and is not told to whoever looks around first. */
async function untoldIn(server: RawServer, home: string): Promise<readonly string[]> {
  const tickets = await openTickets(home);
  const untold: string[] = [];
  for (const name of ['list_models', 'get_image']) {
    const told = await call(server, name, {});
    for (const { id, request, cost } of tickets) {
      if (!says(told, id) || !says(told, request.prompt)) untold.push(`${name}: ${id}`);
      if (!/\d\d:\d\d/.test(told.text)) untold.push(`${name}: when`);
      if (cost && !/CNY|USD/.test(told.text)) untold.push(`${name}: the price`);
    }
  }
  return untold;
}

async function openTickets(home: string) {
  const store = fileTicketStore(join(home, 'tickets'));
  try {
    return await listOpen(store);
  } finally {
    await store.close();
  }
}

async function picturesIn(home: string): Promise<number> {
  const names = await readdir(join(home, 'pictures')).catch(() => []);
  return names.filter((name) => /^[^.].*\.(png|jpg|webp)$/.test(name)).length;
}

/** Requests that cost money, whether the service came to do what they ask for or not. */
function spent(service: Emulator): number {
  return service.requests.filter(({ spends }) => spends).length;
}

/** What must not be: a call sent twice, a picture lost, something open that nobody is told of. */
export function faultsOf(run: McpKill): readonly string[] {
  const { answered, calls, sent, pictures, waiting, uncertain, untold, told } = run;
  const faults = untold.map((what) => `not told: ${what}`);
  if (sent > calls) faults.push(`${sent} sent for ${calls}`);
  // What was dropped, and what may have been billed, is not sent by itself.
  const owed = answered || uncertain > 0 ? sent : calls;
  const isAsked = !answered && waiting > 0;
  if (pictures + waiting + uncertain < owed || isAsked) faults.push(`${pictures} of ${calls} pictures: ${told}`);
  if (pictures > calls) faults.push(`${pictures} pictures for ${calls}`);
  return faults;
}

/** The faults of all runs, each with its run. */
export function faultsIn(results: readonly McpKill[]): readonly string[] {
  return results.flatMap((run, index) =>
    faultsOf(run).map((fault) => `run ${index + 1} (${run.way}; ${run.end}; answered: ${run.answered}): ${fault}`),
  );
}

/** A row for each end. */
export function tableOf(results: readonly McpKill[]): string {
  const rows = ends.map(({ name }) => {
    const own = results.filter(({ end }) => end === name);
    const sum = (count: (run: McpKill) => number) => own.reduce((total, run) => total + count(run), 0);
    const counts = [own.length, sum((run) => Number(run.answered)), sum((run) => run.calls), sum((run) => run.sent)];
    const open = [sum((run) => run.waiting), sum((run) => run.uncertain)];
    const made = [sum((run) => run.pictures), ...open, sum((run) => run.anew)];
    return `| ${[name, ...counts, ...made, sum((run) => faultsOf(run).length)].join(' | ')} |`;
  });
  const head = '| end | runs | answered before | calls | sent | pictures | waiting | uncertain | made anew | faults |';
  return [head, `| --- |${' ---: |'.repeat(9)}`, ...rows].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '200' },
      'at-once': { type: 'string', default: '1' },
    },
  });
  const onRun = (run: McpKill, index: number) => {
    process.stderr.write(`\r${index + 1} of ${values.runs}`);
    for (const fault of faultsOf(run)) process.stderr.write(`\n${run.way}; ${run.end}: ${fault}\n`);
  };
  const results = await mcpKills({
    seed: Number(values.seed),
    runs: Number(values.runs),
    atOnce: Number(values['at-once']),
    onRun,
  });
  const faults = faultsIn(results);
  console.log(['', `seed ${values.seed}`, '', tableOf(results), '', ...faults].join('\n'));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
