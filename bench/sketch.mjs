// Time and memory of the embedded provider, on built packages: node bench/sketch.mjs [pictures, default 2000]
// Fails if a 1024x1024 picture takes more than 400 ms (median of each style), or if resident memory at the end is more than
// 1.3 times that after a tenth of the pictures.

import { sketch } from '../packages/provider-sketch/dist/index.js';

const prompts = [
  'a red sailboat at sunset, mountains behind the sea',
  'a lighthouse in a storm',
  'a black cat in a field under the full moon',
  'a city at night',
  'a cabin in a snowy forest',
  'northern lights over a tent',
  'a rocket in space, a ringed planet',
  'portrait of a woman at dusk',
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
  if (!outputs[0].bytes.length) throw new Error('no picture');
  return performance.now() - started;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const megabytes = () => process.memoryUsage().rss / 2 ** 20;
let failed = false;

for (const style of styles) {
  for (let warm = 0; warm < 3; warm++) await draw(prompts[warm], style, 1);
  const times = [];
  for (const [seed, prompt] of [...prompts, ...prompts].entries()) times.push(await draw(prompt, style, seed));
  const middle = median(times);
  failed ||= middle > 400;
  console.log(
    `${style.padEnd(10)} 1024x1024  median ${middle.toFixed(0)} ms  slowest ${Math.max(...times).toFixed(0)} ms`,
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
