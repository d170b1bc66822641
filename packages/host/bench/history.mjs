// How fast the history is over many pictures: node --conditions=anyimage-source bench/history.mjs [count]
// Writes sidecars to a temporary folder, rebuilds the index from them, and measures pages and searches.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistory } from '../src/library/history.ts';

const count = Number(process.argv[2] ?? 100_000);
const home = await mkdtemp(join(tmpdir(), 'anyimage-bench-home-'));
const folder = await mkdtemp(join(tmpdir(), 'anyimage-bench-'));
const subjects = ['a red boat', '一只红色的小猫', 'a house by the sea', '船と海', 'a lighthouse at dawn', '산과 강'];
const say = (what, ms) => console.log(`${what.padEnd(44)} ${ms.toFixed(1).padStart(9)} ms`);
const timed = async (what, work) => {
  const started = performance.now();
  const result = await work();
  say(what, performance.now() - started);
  return result;
};

try {
  await timed(`write ${count} sidecars`, async () => {
    for (let from = 0; from < count; from += 200) {
      await Promise.all(Array.from({ length: Math.min(200, count - from) }, (_, index) => write(from + index)));
    }
  });
  const history = openHistory(home, {
    onProgress: (done, total) => done % 25_000 === 0 && console.log(`  ${done} of ${total}`),
  });
  await timed('rebuild', () => history.rebuild([folder]));
  for (const search of [undefined, undefined, '猫', '小猫', 'boat', 'a', 'red boat number 77', 'nothing']) {
    const page = await timed(search === undefined ? 'first page' : `search ${search}`, () =>
      history.list(search === undefined ? {} : { search }),
    );
    console.log(`  ${page.length} pictures`);
  }
  await history.close();
  const again = openHistory(home);
  await timed('first page of a new process, opening included', () => again.list());
  await again.close();
} finally {
  await Promise.all([home, folder].map((path) => rm(path, { recursive: true, force: true })));
}

async function write(index) {
  const prompt = `${subjects[index % subjects.length]} number ${index}`;
  const path = join(folder, `picture-${index}.png`);
  const createdAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
  const sidecar = {
    anyimage: 1,
    prompt: { original: prompt, sent: prompt },
    model: 'sketch/sketch-1',
    seed: index,
    createdAt,
    width: 1024,
    height: 1024,
    mediaType: 'image/png',
    bytes: 100_000,
    sha256: String(index).padStart(64, '0'),
    cost: [{ amount: 0, currency: 'USD', estimated: false }],
  };
  await Promise.all([writeFile(path, ''), writeFile(`${path}.json`, JSON.stringify(sidecar, null, 2))]);
}
