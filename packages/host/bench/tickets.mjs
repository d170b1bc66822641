// What the journal of tickets costs, on the built package: node packages/host/bench/tickets.mjs [calls, default 5000] [folder] [--json]
// A synchronous call costs one `create` and one `delete`. Beside them, what is on stable storage, and what needs the lock.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileTicketStore } from '@anyimage/host';

const inJSON = process.argv.includes('--json');
const [calls = 5000, place = tmpdir()] = process.argv.slice(2).filter((word) => word !== '--json');
const folder = await mkdtemp(join(place, 'anyimage-bench-'));
const prompt = 'a paper boat at dawn, soft light, seen from the shore, '.repeat(4);

function ticket(id, state, mode) {
  return {
    id,
    provider: 'cogview',
    model: 'cogview-4-250304',
    host: 'open.bigmodel.cn',
    region: 'china',
    at: Date.now(),
    intent: `${id}-0`,
    keyPrint: '0123abcd',
    state,
    mode,
    request: { prompt, sent: prompt, n: 1, size: { width: 1024, height: 1024 } },
    cost: { amount: 0.06, currency: 'CNY', estimated: true },
  };
}

const times = new Map();
async function time(what, work) {
  const started = performance.now();
  await work();
  const list = times.get(what) ?? [];
  list.push(performance.now() - started);
  times.set(what, list);
}

const random = (index) => `t-${index.toString(16).padStart(8, '0')}`;
const given = (index) => `t-${index.toString(16).padStart(24, '0')}`;
const store = fileTicketStore(join(folder, 'tickets'));
for (let index = 0; index < Number(calls); index++) {
  const id = random(index);
  await time('create, synchronous call', () => store.create(ticket(id, 'intended', 'call')));
  await time('delete', () => store.delete(id));
}
for (let index = 0; index < calls / 50; index++) {
  const id = random(Number(calls) + index);
  await time('create, job (synced)', () => store.create(ticket(id, 'intended', 'job')));
  await time('put (synced)', () => store.put(ticket(id, 'delivered', 'job')));
  await time('create, given intent (locked)', () => store.create(ticket(given(index), 'intended', 'call')));
  await store.release(id);
  await time('claim (locked)', () => store.claim(id));
  await time('list', () => store.list());
  await store.delete(id);
}
await store.close();
await rm(folder, { recursive: true });

const medians = {};
for (const [what, list] of times) {
  const sorted = list.sort((a, b) => a - b);
  const at = (part) => sorted[Math.floor(part * (sorted.length - 1))];
  const shown = (part) => at(part).toFixed(3).padStart(8);
  medians[what] = at(0.5);
  if (!inJSON) console.log(`${what.padEnd(32)} median ${shown(0.5)} ms   p95 ${shown(0.95)} ms   most ${shown(1)} ms`);
}
if (inJSON) console.log(JSON.stringify(medians));
