// What the pages show. `before`: typed first, and not shown. `until`: what is to be seen when the screen is taken; default the prompt.
const pictures = [
  'anyimage "a lighthouse on a cliff at dusk" --seed 11',
  'anyimage "ein Leuchtturm im Nebel" --seed 3 --size 1280x768',
  'anyimage "a red balloon over snowy mountains" --seed 8',
];

/** Two sizes: the usual window, and a large one. */
export const screens = [
  { name: 'make', columns: 80, rows: 24, type: 'anyimage "a paper boat at dawn" --seed 5' },
  {
    name: 'waiting',
    columns: 80,
    rows: 24,
    type: 'anyimage "a paper boat at dawn" -m cogview -n 4 -y',
    until: /3 +drawing +1\./,
  },
  {
    name: 'partial',
    columns: 80,
    rows: 24,
    type: 'anyimage "a paper boat at dawn" -m openai --size 1024x1024 --partials 2 -y',
    until: /drawing[^\n]*\n[^\n]*▀/,
  },
  { name: 'make-wide', columns: 140, rows: 40, type: 'anyimage "a lighthouse by the sea at night" -n 4 --seed 21' },
  { name: 'models', columns: 140, rows: 40, type: 'anyimage models openai' },
  {
    name: 'compare',
    columns: 140,
    rows: 40,
    type: 'anyimage compare "a paper boat at dawn" -m sketch -m cogview -m openai -y',
  },
  {
    name: 'batch',
    columns: 80,
    rows: 24,
    files: { 'animals.csv': batchRows() },
    type: 'anyimage batch animals.csv --prompt "a {{animal}} at {{time}}" -m cogview --at-once 3 -y',
    until: /\n.*[5-9] of 24/,
  },
  {
    name: 'chinese',
    columns: 140,
    rows: 40,
    env: { LANG: 'zh_CN.UTF-8' },
    type: 'anyimage models cogview && anyimage "黎明时的纸船" --size 1536x512 --seed 5',
  },
  { name: 'chinese-help', columns: 80, rows: 24, env: { LANG: 'zh_CN.UTF-8' }, type: 'anyimage use --help' },
  { name: 'history', columns: 80, rows: 24, before: pictures, type: 'anyimage history' },
  { name: 'doctor', columns: 80, rows: 26, type: 'anyimage doctor' },
];

function batchRows() {
  const animals = ['fox', 'heron', 'hedgehog', 'seal', 'owl', 'badger', 'stork', 'otter'];
  const rows = animals.flatMap((animal) => ['dawn', 'noon', 'night'].map((time) => `${animal},${time}`));
  return ['animal,time', ...rows, ''].join('\n');
}
