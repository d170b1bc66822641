// The check of rooms, on a small tree of its own; cycles are looked for with the repository's own settings of the linter.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { node, root } from './run.mjs';

const plan = {
  'packages/small/src': [
    ['low', 0, 'Words.'],
    ['low/deep', 1, 'More words.'],
    ['left', 2, 'Left.'],
    ['right', 2, 'Right.'],
    ['.', 9, 'The face.'],
  ],
};
const files = {
  'low/word.ts': 'export type Word = string;\n',
  'low/deep/words.ts': "import type { Word } from '../word.ts';\nexport const words: Word[] = [];\n",
  'left/say.ts': "export { words } from '../low/deep/words.ts';\n",
  'right/hear.ts': "export const hear = () => import('../low/deep/words.ts');\n",
  'right/hear.test.ts': "import '../index.ts';\n",
  'index.ts': "export * from './left/say.ts';\nexport * from './right/hear.ts';\n",
};

test('rooms whose imports go down are in order', () => {
  expect(check(files)).toEqual([]);
});

test('an import from a higher floor is found, of values and of types, in each form', () => {
  const forms = {
    'low/handed.ts': "export * from '../left/say.ts';\n",
    'low/later.ts': "export const all = () => import('../left/say.ts');\n",
    'low/type.ts': "import type { words } from '../left/say.ts';\nexport type All = typeof words;\n",
    'low/value.ts': "import { words } from '../left/say.ts';\nexport const all = words;\n",
  };
  expect(check({ ...files, ...forms })).toEqual(
    Object.keys(forms).map(
      (file) =>
        `packages/small/src/${file}:1 imports ../left/say.ts, from low (floor 0) up to left (floor 2): move what it needs to a lower floor.`,
    ),
  );
});

test('an import from a room to the room in it, one floor up, is found', () => {
  expect(check({ ...files, 'low/up.ts': "\nimport './deep/words.ts';\n" })).toEqual([
    'packages/small/src/low/up.ts:2 imports ./deep/words.ts, from low (floor 0) up to low/deep (floor 1): move what it needs to a lower floor.',
  ]);
});

test('an import across to a room of the same floor is found', () => {
  expect(check({ ...files, 'left/across.ts': "import '../right/hear.ts';\n" })).toEqual([
    'packages/small/src/left/across.ts:1 imports ../right/hear.ts, from left (floor 2) across to right (the same floor): move what it needs to a lower floor.',
  ]);
});

test('a type that is imported where it is used, which the linter does not follow, is found', () => {
  expect(check({ ...files, 'left/own.ts': "export type Word = import('./say.ts').Word;\n" })).toEqual([
    "packages/small/src/left/own.ts:1 takes a type by import('./say.ts'): import it at the head of the file.",
  ]);
});

test('an import past the face of a folder is found; the face, what is inside and tests may look in', () => {
  const faced = {
    'left/wire.ts': "export * from './wire/read.ts';\n",
    'left/wire/read.ts': "export * from './parse.ts';\n",
    'left/wire/parse.ts': 'export {};\n',
    'left/wire.test.ts': "import './wire/parse.ts';\n",
    'left/say.ts': "import './wire.ts';\nexport { words } from '../low/deep/words.ts';\n",
  };
  expect(check({ ...files, ...faced })).toEqual([]);
  expect(check({ ...files, ...faced, 'left/past.ts': "import './wire/parse.ts';\n" })).toEqual([
    'packages/small/src/left/past.ts:1 imports ./wire/parse.ts past the face of its folder: import it from wire.ts.',
  ]);
});

test('a 17th file in one folder is found; tests, what is generated and data do not count', () => {
  const fifteen = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`left/file-${i}.ts`, 'export {};\n']));
  const others = { 'left/say.test.ts': '', 'left/names.generated.ts': '', 'left/names.json': '{}' };
  expect(check({ ...files, ...fifteen, ...others })).toEqual([]);
  expect(check({ ...files, ...fifteen, ...others, 'left/one-more.ts': '' })).toEqual([
    'packages/small/src/left holds 17 files of source: give it sub-folders, 16 is the most.',
  ]);
});

test('a folder without a floor and a room without a file are found', () => {
  const { 'right/hear.ts': hear, ...rest } = files;
  expect(check({ ...rest, 'index.ts': '', 'wrong/hear.ts': hear })).toEqual([
    'packages/small/src/right holds no source: remove it from scripts/rooms.json.',
    'packages/small/src/wrong is no room: give it a floor in scripts/rooms.json.',
  ]);
});

test('the page of the architecture shows the rooms, highest floor first, and is found stale', () => {
  const folder = plant(files);
  const stale = ['docs/architecture.md is stale: node scripts/rooms.mjs'];
  expect(rooms(folder, '--check')).toEqual(stale);
  expect(rooms(folder)).toEqual([]);
  expect(rooms(folder, '--check')).toEqual([]);
  const page = readFileSync(join(folder, 'docs', 'architecture.md'), 'utf8');
  expect(page.match(/\| \d.*/g)).toEqual([
    '| 9 | `.` | The face. |',
    '| 2 | `left` | Left. |',
    '| 2 | `right` | Right. |',
    '| 1 | `low/deep` | More words. |',
    '| 0 | `low` | Words. |',
  ]);
  writeFileSync(join(folder, 'docs', 'architecture.md'), page.replace('Words', 'Works'));
  expect(rooms(folder, '--check')).toEqual(stale);
});

test('a circle of types is found by the linter', () => {
  const around = { 'left/one.ts': "import type { Two } from './two.ts';\nexport type One = Two[];\n" };
  expect(circles({ ...files, ...around, 'left/two.ts': 'export type Two = string;\n' })).toEqual([]);
  expect(
    circles({
      ...files,
      ...around,
      'left/two.ts': "import type { One } from './one.ts';\nexport type Two = One | 1;\n",
    }),
  ).toEqual(['packages/small/src/left/one.ts', 'packages/small/src/left/two.ts']);
});

/** What is wrong with such a package, line by line. */
function check(sources) {
  return rooms(plant(sources));
}

/** A tree of one package, by paths below its src. */
function plant(sources) {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  const all = {
    ...Object.fromEntries(Object.entries(sources).map(([path, code]) => [`packages/small/src/${path}`, code])),
    'scripts/rooms.json': JSON.stringify(plan),
    'docs/architecture.md': '# Map\n\n<!-- Rooms, written by node scripts/rooms.mjs -->\n<!-- End of the rooms -->\n',
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function rooms(folder, ...words) {
  const { stderr } = spawnSync(node, [join(root, 'scripts', 'rooms.mjs'), folder, ...words], { encoding: 'utf8' });
  return stderr.split('\n').filter(Boolean);
}

/** The files whose imports lead back to them, as the repository's settings of the linter find them. */
function circles(sources) {
  const folder = plant(sources);
  for (const path of ['biome.json', '.gitignore', 'scripts/lint'])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const words = ['lint', '--only=suspicious/noImportCycles', '--reporter=github'];
  const { stdout } = spawnSync(node, [biome, ...words], { cwd: folder, encoding: 'utf8' });
  return [...stdout.matchAll(/file=.*?(packages[^,]+)/g)].map(([, file]) => file.replaceAll('\\', '/')).sort();
}
