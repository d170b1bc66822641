// npm run bench            measures and prints a table
// npm run bench -- --write  writes it to docs/benchmarks.md, too
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { inProcess, median, startTime, withService } from './measure.mjs';

const pairs = 2000;
const rounds = 5;
const starts = 21;
const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));
const times = (value) => `${value.toFixed(2)}x`;
const rows = [];

function note(what, ours, other, ratio, wanted) {
  rows.push([what, ours, other, ratio, wanted]);
  console.log(`${what}: ${ours}, ${other}${ratio ? `, ${ratio}` : ''} (wanted: ${wanted})`);
}

await withService(async (origin) => {
  const { ours, bare } = await inProcess('overhead.mjs', origin, `${pairs}`);
  const [mine, theirs] = [median(ours), median(bare)];
  note(
    `\`generateImage\` with CogView, one picture of 3 MB by URL; median of ${pairs.toLocaleString('en')} interleaved pairs`,
    `${mine.toFixed(2)} ms`,
    `bare undici ${theirs.toFixed(2)} ms`,
    times(mine / theirs),
    'at most 1.5x, aim 1.15x',
  );

  const url = [];
  for (let round = 0; round < rounds; round++) url.push(await inProcess('url-pictures.mjs', origin));
  note(
    `32 URL pictures of 3 MB at once, saved to disk; peak memory over idle, median and worst of ${rounds} runs`,
    `${median(url.map(({ peakMB }) => peakMB))} MB, worst ${Math.max(...url.map(({ peakMB }) => peakMB))} MB, in ${median(url.map(({ ms }) => ms))} ms`,
    'the pictures are 92 MB',
    '',
    'at most 60 MB',
  );

  const base64 = { anyimage: [], ai: [] };
  for (let round = 0; round < rounds; round++) {
    for (const way of Object.keys(base64)) base64[way].push(await inProcess('base64-pictures.mjs', origin, way));
  }
  const of = (way, word) => median(base64[way].map((one) => one[word]));
  const { version } = JSON.parse(readFileSync(pathOf('node_modules/ai/package.json'), 'utf8'));
  for (const [word, what, unit] of [
    ['ms', 'time', 'ms'],
    ['peakMB', 'peak memory over idle', 'MB'],
  ]) {
    note(
      `32 base64 pictures of 3 MB at once, in memory; ${what}, median of ${rounds} runs`,
      `${of('anyimage', word)} ${unit}`,
      `\`ai\` ${version} ${of('ai', word)} ${unit}`,
      times(of('anyimage', word) / of('ai', word)),
      'aim 0.5x',
    );
  }
});

const cli = pathOf('../apps/cli/dist/anyimage.js');
const start = { cli: [], node: [] };
await startTime(cli, '--version');
for (let i = 0; i < starts; i++) {
  start.node.push(await startTime('-e', '0'));
  start.cli.push(await startTime(cli, '--version'));
}
const [ready, bareNode] = [median(start.cli), median(start.node)];
note(
  `\`anyimage --version\`, median of ${starts} interleaved starts`,
  `${ready.toFixed(0)} ms`,
  `bare Node ${bareNode.toFixed(0)} ms`,
  times(ready / bareNode),
  'at most 2x, aim 1.5x',
);

const machine = `${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
const heads = ['measured', 'anyimage', 'against', 'ratio', 'wanted'];
const table = [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
console.log(`\n${table}\n\n${machine}`);
if (process.argv.includes('--write')) {
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(
    pathOf('../docs/benchmarks.md'),
    `# Benchmarks\n\nMade by \`npm run bench -- --write\` on ${day}: ${machine}. Everything goes over loopback to a service in a process of its own; each row compares\ntwo things in the same run. The other measurements are in [bench](../bench).\n\n${table}\n`,
  );
}
