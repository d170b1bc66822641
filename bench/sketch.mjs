// Time and memory of the embedded provider, on built packages: node bench/sketch.mjs [pictures, default 2000]
// Fails if any 1024x1024 picture takes more than 400 ms (the best of five runs, so that other work on the machine does not
// count), or if resident memory at the end is more than 1.3 times that after a tenth of the pictures.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sketch } from '@anyimage/provider-sketch';

const prompts = [
  'a red sailboat at sunset, mountains behind the sea',
  'a lighthouse in a storm',
  'a black cat in a field under the full moon',
  'a city at night',
  'a cabin in a snowy forest',
  'northern lights over a tent',
  'a rocket in space, a ringed planet',
  'portrait of a woman at dusk',
  'portrait of an old fisherman',
  'snowy mountains',
  'a camel in the desert',
  '小河边的樱花树',
];
const styles = ['natural', 'poster', 'watercolor', 'pixel', 'line', 'neon'];
const provider = sketch();

async function draw(prompt, style, seed, side = 1024) {
  const started = performance.now();
  const { outputs } = await provider.generate(
    {
      intent: 'bench',
      model: 'sketch-1',
      operation: 'generate',
      limits: {},
      prompt,
      n: 1,
      seed,
      style,
      size: { width: side, height: side },
      images: [],
      partials: 0,
      options: {},
    },
    { signal: new AbortController().signal, report() {}, log() {}, now: () => 0 },
  );
  return { time: performance.now() - started, size: outputs[0].bytes.length };
}

async function bestOf(runs, prompt, style, seed) {
  const drawn = [];
  for (let run = 0; run < runs; run++) drawn.push(await draw(prompt, style, seed));
  return { time: Math.min(...drawn.map(({ time }) => time)), size: drawn[0].size };
}

/** ms for the first picture of a process, of one prompt. */
function firstOfProcess(style) {
  return Number(
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--first', style], { encoding: 'utf8' }),
  );
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const megabytes = () => process.memoryUsage().rss / 2 ** 20;
let failed = false;

if (process.argv[2] === '--first') {
  console.log((await draw('a city at night', process.argv[3], 1)).time);
  process.exit();
}

for (const style of styles) {
  const drawn = [];
  for (const [seed, prompt] of prompts.entries()) drawn.push(await bestOf(5, prompt, style, seed));
  const times = drawn.map(({ time }) => time);
  const slowest = Math.max(...times);
  const size = drawn.reduce((sum, { size }) => sum + size, 0) / drawn.length / 1024;
  const first = median([firstOfProcess(style), firstOfProcess(style), firstOfProcess(style)]);
  failed ||= slowest > 400;
  console.log(
    `${style.padEnd(10)} 1024x1024  median ${median(times).toFixed(0)} ms  slowest ${slowest.toFixed(0)} ms  first of a process ${first.toFixed(0)} ms  mean file ${size.toFixed(0)} KB`,
  );
}

const pictures = Number(process.argv[2] ?? 2000);
const early = Math.ceil(pictures / 10);
let before = 0;
for (let made = 1; made <= pictures; made++) {
  await draw(prompts[made % prompts.length], styles[made % styles.length], made);
  if (made === early) before = megabytes();
  if (made % (early * 2) === 0) console.log(`${made} pictures  resident ${megabytes().toFixed(0)} MB`);
}
const ratio = megabytes() / before;
failed ||= ratio > 1.3;
console.log(
  `resident ${before.toFixed(0)} MB after ${early}, ${megabytes().toFixed(0)} MB after ${pictures}: ${ratio.toFixed(2)}x`,
);
if (failed) {
  console.error('a limit was exceeded');
  process.exitCode = 1;
}
