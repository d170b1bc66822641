// npm start -- link: puts anyimage and anyimage-mcp of this checkout on PATH, run by the Node that it pins, whatever the machine has.
// npm start -- unlink takes them away. --to FOLDER names another folder.
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

const apps = { anyimage: 'cli', 'anyimage-mcp': 'mcp' };

/**
 * Writes both commands and returns the lines that say where. `place`: `{ root, node, home, path, prefix, windows }`: the checkout, its Node, the
 * person's home, PATH, npm's prefix of global packages. `to`: a folder in place of the first on PATH that one may write. Throws an Error
 * that says what to do, where another program of that name is there; then nothing is written.
 */
export function link(place, to) {
  const folder = to === undefined ? folderFor(place) : resolve(to);
  const files = Object.entries(apps).map(([name, app]) => ({ ...commandOf(name, app, place), name }));
  const taken = files.map(({ file }) => join(folder, file)).find((file) => existsSync(file) && !isOurs(file));
  if (taken !== undefined) {
    throw new Error(
      `${taken} is there and not of a checkout: remove it, or name another folder: npm start -- link --to FOLDER`,
    );
  }
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of files) {
    writeFileSync(join(folder, file), text);
    if (!place.windows) chmodSync(join(folder, file), 0o755);
  }
  const lines = files.map(({ file, name }) => `${name.padEnd(12)}  ${join(folder, file)}`);
  return [...lines, ...pathLines(folder, place), 'npm start -- unlink takes them away.'];
}

/** Removes the commands of this checkout, from `to` or wherever they are on PATH, and returns the lines that say so. */
export function unlink(place, to) {
  const folders = to === undefined ? [...new Set([...onPath(place), ...usualFolders(place)])] : [resolve(to)];
  const files = folders.flatMap((folder) =>
    Object.entries(apps).map(([name, app]) => {
      const { file, text } = commandOf(name, app, place);
      return { path: join(folder, file), text };
    }),
  );
  const own = files.filter(({ path, text }) => existsSync(path) && readFileSync(path, 'utf8') === text);
  for (const { path } of own) rmSync(path);
  return own.length > 0 ? own.map(({ path }) => `removed ${path}`) : ['nothing of this checkout is on PATH'];
}

const mark = 'written by npm start -- link';

function commandOf(name, app, { root, node, windows }) {
  const program = join(root, 'apps', app, 'dist', `${name}.js`);
  if (windows) return { file: `${name}.cmd`, text: `@rem ${mark}\r\n@"${node}" "${program}" %*\r\n` };
  return { file: name, text: `#!/bin/sh\n# ${mark}\nexec ${quoted(node)} ${quoted(program)} "$@"\n` };
}

function quoted(path) {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

function isOurs(file) {
  return readFileSync(file, 'latin1').slice(0, 200).includes(mark);
}

/** The first of the usual folders that is on PATH and may be written, else the first of them. */
function folderFor(place) {
  const usual = usualFolders(place);
  return usual.find((folder) => onPath(place).includes(folder) && mayWrite(folder)) ?? usual[0];
}

function usualFolders({ home, prefix, windows }) {
  if (windows) return [prefix ?? join(home, 'AppData', 'Roaming', 'npm')];
  return [join(home, '.local', 'bin'), join(home, 'bin'), ...(prefix ? [join(prefix, 'bin')] : []), '/usr/local/bin'];
}

function mayWrite(folder) {
  if (!existsSync(folder)) return dirname(folder) !== folder && mayWrite(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What npm itself puts before it is not there in the person's shell. */
function onPath({ path }) {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '' && !/[\\/](node_modules[\\/]\.bin|node-gyp-bin)[\\/]?$/.test(folder))
    .map((folder) => resolve(folder));
}

function pathLines(folder, place) {
  const folders = onPath(place);
  if (!folders.includes(folder)) {
    const how = place.windows ? `add it to Path` : `export PATH="${folder}:$PATH"`;
    return [`${folder} is not on PATH yet: ${how}`];
  }
  const { file } = commandOf('anyimage', apps.anyimage, place);
  const first = folders.map((one) => join(one, file)).find((one) => existsSync(one));
  return first === join(folder, file) ? [] : [`${first} comes before it on PATH, and is what anyimage runs`];
}
