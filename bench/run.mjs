// npm run bench             measures and prints a table
// npm run bench -- --write  writes it to docs/benchmarks.md, too
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { inProcess, median, pathOf, withService } from './measure.mjs';

const rows = [];
const fixed = (value) => value.toFixed(value < 10 ? 2 : 0);
const ms = (value) => `${fixed(value)} ms`;
const megabytes = (value) => `${Math.round(value)} MB`;
const timesOf = (one, other) => `${(one / other).toFixed(2)}x`;
const versionOf = (name) => JSON.parse(readFileSync(pathOf(`node_modules/${name}/package.json`), 'utf8')).version;
const peers = {
  undici: 'bare undici',
  ai: `\`ai\` ${versionOf('ai')}`,
  openai: `\`openai\` ${versionOf('openai')}`,
  node: 'bare Node',
};

/** Notes a row: what was measured, ours, the other, their ratio, and what is wanted of it. */
function note(...row) {
  rows.push(row);
  console.log(row.filter(Boolean).join(' | '));
}

/** Rows of one thing done in several ways, ours first. `wanted`: by peer. */
function compare(what, medians, wanted, mine = 'anyimage') {
  for (const [peer, text] of Object.entries(wanted)) {
    const [ours, other] = [medians[mine], medians[peer]];
    note(what, ms(ours.ms), `${peers[peer]} ${ms(other.ms)}`, timesOf(ours.ms, other.ms), text);
  }
}

/** For a machine that does other work, beside the table: what the measuring process itself used. */
function printCPU(medians) {
  const used = Object.entries(medians).map(([name, { cpuMs }]) => `${name} ${fixed(cpuMs)}`);
  console.log(`  CPU, ms: ${used.join(', ')}`);
}

/** Each way in a process of its own, in turns: the median of what they say. */
async function inRounds(rounds, ways) {
  const said = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, words] of Object.entries(ways)) said[name].push(await inProcess('many-pictures.mjs', ...words));
  }
  const medianOf = (list) => (word) => median(list.map((one) => one[word]));
  return Object.fromEntries(Object.entries(said).map(([name, list]) => [name, medianOf(list)]));
}

async function oneCall(origin) {
  const turns = 2000;
  const kinds = {
    'base64-small': [
      'a picture of 2 kB as base64',
      { undici: 'at most 2.5x, aim 2x', ai: 'at most 0.75x, aim 0.5x', openai: '' },
    ],
    'url-small': ['a picture of 2 kB by URL from CogView', { undici: 'at most 2x, aim 1.5x' }],
    'url-large': ['a picture of 3 MB by URL from CogView', { undici: 'at most 1.5x, aim 1.15x' }],
  };
  for (const [kind, [what, wanted]] of Object.entries(kinds)) {
    const medians = await inProcess('one-call.mjs', origin, kind, `${turns}`);
    compare(`${what}, one after another; median of ${turns.toLocaleString('en')} turns`, medians, wanted);
    printCPU(medians);
  }
}

/** What is written before a call is sent, and removed when its picture is kept. The library without a ticket store has none of it. */
async function journal() {
  const medians = await inProcess('../packages/host/bench/tickets.mjs', '--json');
  const fine = (value) => `${value.toFixed(3)} ms`;
  const call = medians['create, synchronous call'] + medians.delete;
  const job = medians['create, job (synced)'] + medians['put (synced)'];
  note('the ticket of a call, written and removed; median of 5,000', fine(call), '', '', 'told, no limit');
  note('the ticket of a job, on stable storage twice; median of 100', fine(job), '', '', 'told, no limit');
}

async function manyPictures(origin) {
  const rounds = 5;
  const { ours, ai, base64, url } = await inRounds(rounds, {
    ours: [origin, 'base64-large', 'memory'],
    ai: [origin, 'base64-large', 'memory', 'ai'],
    base64: [origin, 'base64-large', 'disk'],
    url: [origin, 'url-large', 'disk'],
  });
  const what = (how) => `32 pictures of 3 MB at once, ${how}; median of ${rounds} runs`;
  const theirs = (value) => `${peers.ai} ${value}`;
  const inMemory = what('base64 into memory');
  note(inMemory, ms(ours('ms')), theirs(ms(ai('ms'))), timesOf(ours('ms'), ai('ms')), 'at most 0.55x, aim 0.45x');
  const peak = `${inMemory}, peak memory over idle`;
  const least = 'at most 132 MB: 40 over the 92 of the pictures';
  const ratio = timesOf(ours('peakMB'), ai('peakMB'));
  note(peak, megabytes(ours('peakMB')), theirs(megabytes(ai('peakMB'))), ratio, least);
  for (const [form, cost] of Object.entries({ base64, URL: url })) {
    const toDisk = `${what(`${form} to disk`)}, peak memory over idle`;
    note(toDisk, `${megabytes(cost('peakMB'))}, in ${ms(cost('ms'))}`, 'the pictures are 92 MB', '', 'at most 60 MB');
  }
}

async function starts() {
  const turns = 31;
  const medians = await inProcess('starts.mjs', `${turns}`);
  const how = `median of ${turns} warm starts in turns`;
  compare(`\`anyimage --version\`, ${how}`, medians, { node: 'at most 1.6x, aim 1.4x' }, 'version');
  compare(`\`anyimage --help\`, ${how}`, medians, { node: 'at most 1.7x' }, 'help');
  compare(`\`anyimage models\`, ${how}`, medians, { node: 'at most 2.5x' }, 'models');
  note(
    `\`anyimage PROMPT\` of 1024x1024 by sketch, to the file; ${how}`,
    ms(medians.sketch.ms),
    '',
    '',
    'at most 600 ms',
  );
  const wait = `\`anyimage-mcp\`, to the answer to tools/list; ${how}`;
  compare(wait, medians, { node: 'at most 2.7x, aim 2.3x' }, 'tools');
}

/** What plugins cost those who do not use them. */
async function plugins() {
  const found = await inProcess('plugins.mjs', '--json');
  const whats = { plan: '`anyimage PROMPT --dry-run`', tools: '`anyimage-mcp`, to the answer to tools/list' };
  for (const [name, what] of Object.entries(whats)) {
    const { pairs, without, twenty, least, most } = found[name];
    const between = `${least.toFixed(1)} to ${most.toFixed(1)} % more (95 %)`;
    const text = `${what}, with 20 unused plugins as large as our largest provider; median of ${pairs} pairs`;
    note(text, ms(twenty), `without plugins ${ms(without)}`, between, 'the interval below 5 %');
  }
}

function page() {
  const { length } = cpus();
  const machine = `${length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const heads = ['measured', 'anyimage', 'against', 'ratio', 'wanted'];
  const table = [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  return `# Benchmarks

Made by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. Everything goes over loopback to a service in a process of its own; each row compares
two things in the same run, which take turns. The other measurements are in [bench](../bench).

${table}
`;
}

await withService(async (origin) => {
  await oneCall(origin);
  await manyPictures(origin);
});
await journal();
await starts();
await plugins();
console.log(`\n${page()}`);
if (process.argv.includes('--write')) {
  const path = pathOf('../docs/benchmarks.md');
  // The sections after the first are of other measurements, and stay.
  const [, ...sections] = readFileSync(path, 'utf8').split(/\n(?=## )/);
  writeFileSync(path, [page(), ...sections].join('\n'));
}
