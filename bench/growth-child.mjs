// One kind of `growth.mjs` for one count, in a process of its own: prints the figures as JSON.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, defineProvider } from '@anyimage/core';
import { loadSettings } from '@anyimage/host';
import { median } from './measure.mjs';

const [kind, words] = process.argv.slice(2);
const count = Number(words);
const turns = 15;

/** Median CPU time of one turn, of turns that differ by their number, and the memory that is in use afterwards. */
async function measure(work) {
  const times = [];
  for (let turn = -3; turn < turns; turn++) {
    const before = process.cpuUsage();
    await work(turn);
    const { user, system } = process.cpuUsage(before);
    if (turn >= 0) times.push((user + system) / 1000);
  }
  globalThis.gc();
  return { ms: median(times), mb: process.memoryUsage().heapUsed / 2 ** 20 };
}

async function aliases() {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-growth-'));
  try {
    const entries = Array.from({ length: count }, (_, at) => [`alias-${at}`, 'sketch']);
    await writeFile(join(home, 'config.json'), JSON.stringify({ aliases: Object.fromEntries(entries) }));
    const env = { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' };
    const loaded = await measure(() => loadSettings({ env, folder: home }));
    return [{ what: 'settings read, with aliases', ...loaded, perThing: loaded.ms / count }];
  } finally {
    await rm(home, { recursive: true });
  }
}

const row = {
  label: 'Paint',
  source: 'https://paint.example',
  checked: '2026-11-20',
  delivery: { as: 'bytes' },
  size: { rules: [{ side: [512, 2048], multiple: 16, pixels: [2 ** 18, 2 ** 22] }], default: '1024x1024' },
  operations: { generate: {} },
};

async function models() {
  const paint = defineProvider({
    id: 'paint',
    label: 'Paint',
    keys: [],
    regions: { world: { baseURL: 'https://paint.example' } },
    models: Object.fromEntries(Array.from({ length: count }, (_, at) => [`paint-${at}`, structuredClone(row)])),
    sign: () => ({}),
    generate: async () => ({ outputs: [] }),
  });
  const client = createClient({ providers: [paint()] });
  let told;
  const refused = (request) =>
    client.plan({ prompt: 'a boat', ...request }).then(
      () => {
        throw new Error('it was not refused');
      },
      (error) => {
        told = JSON.stringify(error.toJSON()).length;
      },
    );
  const figures = async (what, work, isSame) => {
    told = undefined;
    const measured = await measure(work);
    return {
      what,
      ...measured,
      ...(told && { bytes: told }),
      ...(!isSame && { perThing: measured.ms / count }),
    };
  };
  const seed = (turn) => 1000 + turn;
  return [
    await figures(
      'a named model takes it',
      (turn) => client.plan({ prompt: `boat ${turn}`, model: 'paint/paint-1' }),
      true,
    ),
    await figures('a model that there is not', () => refused({ model: 'paint/nothing-like-it' })),
    await figures('a named model refuses it', (turn) => refused({ model: 'paint/paint-1', size: `${100 + turn}x100` })),
    await figures('auto takes it', (turn) =>
      client.plan({ prompt: 'boat', model: 'auto', size: `${1024 + 16 * (turn + 3)}x1024` }),
    ),
    await figures('auto refuses it', (turn) => refused({ model: 'auto', size: `${seed(turn)}x100` })),
  ];
}

console.log(JSON.stringify(await { aliases, rows: models }[kind]()));
