// Processes that share tickets and are killed at any moment lose nothing, hold nothing afterwards, and never both get one ticket.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FileTicketStore, fileTicketStore } from './ticket-store.ts';

const rounds = 2;
const workers = 3;

/**
 * Uses tickets until it is killed. What it is about to do and what it has done, it writes to a log of its own; while it holds a
 * ticket, there is a folder of that name with its process id, which nobody else may find.
 */
const worker = `
  import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
  import { join } from 'node:path';
  const { fileTicketStore } = await import(process.argv[1]);
  const [, , folder, held, log, seed] = process.argv;
  let state = Number(seed);
  const chance = (below) => ((state = (state * 1103515245 + 12345) % 2147483648), Math.floor((state / 2147483648) * below));
  const say = (...words) => appendFileSync(log, JSON.stringify(words) + '\\n');
  const store = fileTicketStore(folder, { onNotice: (notice) => say('notice', notice) });
  const ticket = (id, state, mode) => ({
    id, provider: 'paint', model: 'paint-1', host: 'paint.example', region: 'world', at: Date.now(), intent: id, keyPrint: '',
    state, mode, request: { prompt: 'a boat', sent: 'a boat', n: 1 },
  });
  // One that was killed keeps its id until its parent has asked after it.
  const isAlive = (pid) => {
    try { process.kill(pid, 0); } catch { return false; }
    try { return !/\\) [ZX] /.test(readFileSync('/proc/' + pid + '/stat', 'utf8')); } catch { return process.platform !== 'linux'; }
  };
  const take = (id) => {
    const place = join(held, id);
    try { mkdirSync(place); } catch {
      for (const pid of readdirSync(place)) if (isAlive(Number(pid)) && Number(pid) !== process.pid) say('conflict', id, pid);
      rmSync(place, { recursive: true, force: true });
      mkdirSync(place);
    }
    mkdirSync(join(place, String(process.pid)));
  };
  const leave = (id) => rmSync(join(held, id), { recursive: true, force: true });
  const finish = async (id) => {
    await store.put(ticket(id, 'delivered'));
    say('delivered', id);
    leave(id);
    if (chance(2)) {
      await store.release(id);
      return;
    }
    say('deleting', id);
    await store.delete(id);
    say('deleted', id);
  };
  say('begun');
  for (let turn = 0; ; turn++) {
    if (chance(3) === 0) {
      const given = 't-' + String(chance(1000)).padStart(24, '0');
      if (await store.create(ticket(given, 'submitted', 'job'))) {
        say('created', given);
        take(given);
        leave(given);
        await store.release(given);
      }
    } else if (chance(2)) {
      const id = 't-' + process.pid.toString(16).padStart(4, '0').slice(-4) + turn.toString(16).padStart(4, '0');
      await store.create(ticket(id, 'intended', 'call'));
      say('created', id);
      take(id);
      if (chance(2)) await finish(id);
      else {
        leave(id);
        say('deleting', id);
        await store.delete(id);
        say('deleted', id);
      }
    } else {
      const open = (await store.list()).filter(({ id }) => id.length < 12);
      const some = open[chance(open.length)];
      if (some && (await store.claim(some.id))) {
        take(some.id);
        await finish(some.id);
      }
    }
  }`;

function start(seed: number, folder: string, held: string, log: string): ChildProcess {
  const module = new URL('./ticket-store.ts', import.meta.url).href;
  const words = ['--conditions=anyimage-source', '--no-warnings', '--input-type=module', '--eval', worker];
  return spawn(process.execPath, [...words, module, folder, held, log, String(seed)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

type Event = readonly [what: string, id: string, ...rest: unknown[]];

async function eventsIn(logs: string): Promise<readonly Event[]> {
  const names = await readdir(logs);
  const texts = await Promise.all(names.map((name) => readFile(join(logs, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').slice(0, -1)).map((line) => JSON.parse(line));
}

async function haveBegun(logs: string, count: number): Promise<void> {
  while ((await eventsIn(logs)).filter(([what]) => what === 'begun').length < count) await pause(5);
}

test('nothing that was put is lost, no ticket is held for ever, and none is made twice', async () => {
  const seeds = fc.array(fc.record({ seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }), killAfterMs: fc.nat(200) }), {
    minLength: rounds * workers,
    maxLength: rounds * workers,
  });
  await fc.assert(fc.asyncProperty(seeds, killAll), { numRuns: 2, endOnFailure: true });
}, 600_000);

interface Life {
  readonly seed: number;
  readonly killAfterMs: number;
}

/** Has processes use one folder and be killed, several at a time, and checks what is left each time. */
async function killAll(lives: readonly Life[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'anyimage-'));
  const [folder, held, logs] = ['tickets', 'held', 'logs'].map((name) => join(root, name)) as [string, string, string];
  await Promise.all([held, logs].map((path) => mkdir(path)));
  for (let round = 0; round < rounds; round++) {
    const own = lives.slice(round * workers, (round + 1) * workers);
    const children = own.map(({ seed }, index) => start(seed, folder, held, join(logs, `${round}-${index}`)));
    const ended = children.map((child) => new Promise((resolve) => child.on('exit', resolve)));
    await haveBegun(logs, (round + 1) * workers);
    await Promise.all(
      own.map(async ({ killAfterMs }, index) => {
        await pause(killAfterMs);
        children[index]!.kill('SIGKILL');
      }),
    );
    await Promise.all(ended);
    const store = fileTicketStore(folder);
    await check(store, await eventsIn(logs));
    await store.close();
  }
}

async function check(store: FileTicketStore, events: readonly Event[]): Promise<void> {
  const idsOf = (what: string) => events.filter(([name]) => name === what).map(([, id]) => id);
  const made = idsOf('created');
  expect(new Set(made).size).toBe(made.length);
  expect(events.filter(([what]) => what === 'conflict' || what === 'notice')).toEqual([]);
  const tickets = await store.list();
  const found = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const ended = new Set(idsOf('deleting'));
  expect(made.filter((id) => !found.has(id) && !ended.has(id))).toEqual([]);
  expect(idsOf('deleted').filter((id) => found.has(id))).toEqual([]);
  for (const id of idsOf('delivered')) if (found.has(id)) expect(found.get(id)).toMatchObject({ state: 'delivered' });
  for (const ticket of tickets) {
    if (ticket.state === 'intended') expect(ticket).toMatchObject({ uncertain: true });
  }
  // The lock of who was killed is taken over at once, and with it whatever it held.
  for (const { id } of tickets.slice(0, 20)) expect([id, await store.claim(id)]).toEqual([id, true]);
}
