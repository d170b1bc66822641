// Checks the rooms of scripts/rooms.json and writes them into docs/architecture.md; with --check it writes nothing, and fails if
// that is stale. A room is a folder of source with a floor: imports go to the same room or to lower floors, types too. Tests may
// import upward. Cycles between files are the linter's to find (noImportCycles).
// rooms.json is { "packages/NAME/src": [[room, floor, what belongs there and what it may touch], …] }, where "." is src itself.
// A folder x/ beside a file x.ts has it as its face: files outside the folder import the face alone.
// Given a folder, this looks there, not in the repository.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { root, sourceFiles } from './run.mjs';

/** The most files of source that a folder may hold beside its sub-folders. */
const fullest = 16;

const words = process.argv.slice(2);
const top = words.find((word) => !word.startsWith('--')) ?? root;
const plan = JSON.parse(readFileSync(join(top, 'scripts', 'rooms.json'), 'utf8'));
// Neither tests nor what is generated.
const files = [...sourceFiles(top).filter((file) => file.endsWith('.ts')), ...['scripts', 'bench'].flatMap(programsIn)]
  .filter((file) => !/\.(test|test-d|generated)\.\w+$/.test(file))
  .sort();
const faults = [
  ...Object.entries(plan).flatMap(([source, rooms]) => checkRooms(source, rooms)),
  ...passedFaces(),
  ...fullFolders(),
];

const page = join(top, 'docs', 'architecture.md');
const text = readFileSync(page, 'utf8');
const [start, end] = ['<!-- Rooms, written by node scripts/rooms.mjs -->', '<!-- End of the rooms -->'];
const wanted = `${text.split(start)[0]}${start}\n${Object.entries(plan).map(section).join('')}\n${end}${text.split(end)[1]}`;
if (!words.includes('--check')) writeFileSync(page, wanted);
else if (wanted !== text) faults.push('docs/architecture.md is stale: node scripts/rooms.mjs');

for (const fault of faults) console.error(fault);
process.exitCode = faults.length ? 1 : 0;

function checkRooms(source, rooms) {
  const inside = files.filter((file) => file.startsWith(`${source}/`)).map((file) => posix.relative(source, file));
  const empty = rooms
    .filter(([room]) => !inside.some((file) => room === '.' || file.startsWith(`${room}/`)))
    .map(([room]) => `${source}/${room} holds no source: remove it from scripts/rooms.json.`);
  const folders = new Set(inside.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
  const unknown = [...folders]
    .filter((folder) => !rooms.some(([room]) => room === folder))
    .map((folder) => `${source}/${folder} is no room: give it a floor in scripts/rooms.json.`);
  return [...empty, ...unknown, ...inside.flatMap((file) => checkImports(source, rooms, file))];
}

function checkImports(source, rooms, file) {
  const [room, floor] = roomOf(rooms, file);
  return importsOf(join(top, source, file)).flatMap(({ line, from, isInline }) => {
    const where = `${source}/${file}:${line}`;
    if (isInline) return [`${where} takes a type by import('${from}'): import it at the head of the file.`];
    const target = posix.join(dirname(file), from);
    if (!from.startsWith('.') || target.startsWith('../')) return [];
    const [other, height] = roomOf(rooms, target);
    if (other === room || height < floor) return [];
    const way = height > floor ? `up to ${other} (floor ${height})` : `across to ${other} (the same floor)`;
    return [`${where} imports ${from}, from ${room} (floor ${floor}) ${way}: move what it needs to a lower floor.`];
  });
}

/** The deepest room that holds a file; what no other does is in the room of src itself. */
function roomOf(rooms, file) {
  const holding = rooms.filter(([room]) => file.startsWith(`${room}/`));
  const [first = rooms.find(([room]) => room === '.') ?? ['.', Number.POSITIVE_INFINITY]] = holding.sort(
    ([a], [b]) => b.length - a.length,
  );
  return first;
}

/** What a file imports, for values and for types, with the line. */
function importsOf(path) {
  const code = readFileSync(path, 'utf8');
  const found = [];
  const note = ({ type, source, start: at }) => {
    if (typeof source?.value !== 'string') return;
    const line = code.slice(0, at).split('\n').length;
    found.push({ line, from: source.value, isInline: type === 'TSImportType' });
  };
  new Visitor({
    ImportDeclaration: note,
    ExportNamedDeclaration: note,
    ExportAllDeclaration: note,
    ImportExpression: note,
    TSImportType: note,
  }).visit(parseSync(path, code).program);
  return found;
}

function programsIn(folder) {
  const all = existsSync(join(top, folder)) ? readdirSync(join(top, folder)) : [];
  return all.filter((name) => name.endsWith('.mjs')).map((name) => `${folder}/${name}`);
}

/** Imports of what lies in a folder x/, from outside it and past its face x.ts. */
function passedFaces() {
  const sources = files.filter((file) => file.endsWith('.ts'));
  return sources.flatMap((file) =>
    importsOf(join(top, file)).flatMap(({ line, from }) => {
      if (!from.startsWith('.')) return [];
      const folder = dirname(posix.join(dirname(file), from));
      const face = `${folder}.ts`;
      const isInside = file === face || file.startsWith(`${folder}/`);
      if (isInside || !existsSync(join(top, face))) return [];
      return [`${file}:${line} imports ${from} past the face of its folder: import it from ${posix.basename(face)}.`];
    }),
  );
}

function fullFolders() {
  const counts = new Map();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > fullest)
    .map(([folder, count]) => `${folder} holds ${count} files of source: give it sub-folders, ${fullest} is the most.`);
}

function section([source, rooms]) {
  const rows = rooms
    .toSorted(([, a], [, b]) => b - a)
    .map(([room, floor, line]) => `| ${floor} | \`${room}\` | ${line} |`);
  return `\n\`${source}\`\n\n| floor | room | what belongs there, and what it may touch |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}
