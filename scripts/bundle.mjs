// How the apps are bundled: dist/NAME.js for the start, chunks beside it for what is loaded when it is needed, and the program that
// works on large pictures, which is started by its name. Runs in the folder of an app; --metafile also writes dist/NAME.meta.json, which shows
// what each chunk holds.
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';

const pixelWorker = fileURLToPath(new URL('../packages/host/src/pictures/pixels/pixel-worker.ts', import.meta.url));

/**
 * Tables of data as text that is parsed: as code, the engine holds them several times over, and that of the language detector takes
 * 85 MB in place of 30.
 */
const dataAsText = {
  name: 'data-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]eld[\\/]src[\\/]ngrams[\\/]\w+\.js$/ }, async ({ path }) => {
      const { ngramsData } = await import(pathToFileURL(path).href);
      const text = JSON.stringify(JSON.stringify(ngramsData));
      return { contents: `export const ngramsData = JSON.parse(${text});`, loader: 'js' };
    });
  },
};

/** The parser of the command line can start other programs, and loads what that needs at once. None of our commands is another program. */
const noChildProcess = {
  name: 'no-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'none' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'none' }, () => ({ contents: 'export default {};' }));
  },
};

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

/** The files of an app and of our packages that are loaded late: by `import()`. `src`: the folder of the app's, absolute. */
export function lateFiles(src) {
  const files = [...globSync(join(src, '**/*.ts')), ...globSync(join(packages, '*/dist/**/*.js'))];
  return new Set(files.flatMap(importedLate));
}

function importedLate(file) {
  const calls = readFileSync(file, 'utf8').matchAll(/\bimport\('(\.[^']+|@anyimage\/[^']+)'\)/g);
  return [...calls].map(([, path]) => (path.startsWith('.') ? resolve(dirname(file), path) : fileOfPackage(path)));
}

function fileOfPackage(path) {
  const [, name, file = 'index'] = path.split('/');
  return join(packages, name, 'dist', `${file}.js`);
}

/**
 * Imports from the faces of our packages, straight from the files behind them: a face leads to all of its package, and so every command
 * would load all of it. `alsoImports(path)`: a file that this one shall import, too, for what that puts into one chunk with it.
 */
const straightImports = (alsoImports = () => undefined) => ({
  name: 'straight-imports',
  setup({ onLoad }) {
    const faces = new Map(
      ['core', 'host'].map((name) => [`@anyimage/${name}`, filesBehind(`${packages}${name}/dist/`)]),
    );
    onLoad({ filter: /[\\/](apps[\\/]\w+[\\/]src|packages[\\/][\w-]+[\\/]dist)[\\/].*\.[jt]s$/ }, ({ path }) => {
      const also = alsoImports(path);
      const code = straight(path, readFileSync(path, 'utf8'), faces);
      return {
        contents: also ? `${code}\nimport ${JSON.stringify(also)};` : code,
        loader: path.endsWith('.ts') ? 'ts' : 'js',
      };
    });
  },
});

/** The names that a face exports, each with its file there and its name in it. */
function filesBehind(folder) {
  const { module } = parseSync('index.js', readFileSync(`${folder}index.js`, 'utf8'));
  const entries = module.staticExports.flatMap((one) => one.entries);
  return new Map(
    entries.map(({ exportName, importName, moduleRequest }) => [
      exportName.name,
      { file: resolve(folder, moduleRequest.value), name: importName.name },
    ]),
  );
}

function straight(path, code, faces) {
  if (![...faces.keys()].some((face) => code.includes(`'${face}'`))) return code;
  const imports = parseSync(path, code).module.staticImports.filter(({ moduleRequest }) =>
    faces.has(moduleRequest.value),
  );
  return imports.reduceRight((text, { start, end, moduleRequest, entries }) => {
    const behind = faces.get(moduleRequest.value);
    const lines = entries
      .filter(({ isType }) => !isType)
      .map(({ importName, localName }) => {
        const found = behind.get(importName.name);
        if (!found)
          throw new Error(`${path}: there is no file behind a name that it imports of ${moduleRequest.value}`);
        return `import {${found.name} as ${localName.value}} from ${JSON.stringify(found.file)};`;
      });
    return text.slice(0, start) + lines.join('') + text.slice(end);
  }, code);
}

/**
 * Modules of Node by call in place of import. An import makes names of all that a module has, and so loads what its getters lead to:
 * streams for stdin and stdout, web cryptography, promises of files; a quarter of a short start. The entries stay as they are: an old Node
 * must be able to read them.
 */
function builtinsByCall(code) {
  const imports = parseSync('chunk.mjs', code).module.staticImports.filter(({ moduleRequest }) =>
    /^node:/.test(moduleRequest.value),
  );
  let rest = code;
  for (const { start, end } of imports.toReversed()) rest = rest.slice(0, start) + rest.slice(end);
  // Bundled CommonJS code asks for them by require.
  const require = /\brequire\b/.test(rest)
    ? "const require=globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url);"
    : '';
  return imports.map(asCall).join('') + require + rest;
}

/** Modules that take long to load, of which a start needs nothing: their functions fetch them when they are called. */
const lateModules = ['node:crypto', 'node:fs/promises', 'node:child_process', 'node:dns/promises', 'node:net'];

/** Classes of these that are made with `new` and used in no other way. */
const lateClasses = ['BlockList'];

function asCall({ moduleRequest, entries }) {
  const module = `globalThis.process.getBuiltinModule(${JSON.stringify(moduleRequest.value)})`;
  return entries
    .map(({ importName, localName }) => {
      if (importName.kind !== 'Name') return `const ${localName.value}=${module};`;
      const isFunction =
        /^[a-z]/.test(importName.name) && !['constants', 'webcrypto', 'subtle'].includes(importName.name);
      const isLate = lateModules.includes(moduleRequest.value);
      if (isLate && lateClasses.includes(importName.name))
        return `function ${localName.value}(){return Reflect.construct(${module}.${importName.name},arguments)}`;
      if (!isLate || !isFunction) return `const {${importName.name}:${localName.value}}=${module};`;
      return `function ${localName.value}(){return ${module}.${importName.name}.apply(this,arguments)}`;
    })
    .join('');
}

/** `build`: esbuild's, which is a dependency of the apps. `isMore`: beside what is there. `more`: what only this app sets. */
export async function bundle(build, { entryPoints, plugins = [], alsoImports, isMore = false, ...more }) {
  if (!isMore) rmSync('dist', { recursive: true, force: true });
  const { metafile } = await build({
    outdir: 'dist',
    entryPoints: { ...entryPoints, 'chunks/pixel-worker': pixelWorker },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    // Native modules find their files beside themselves.
    external: ['sharp', '@resvg/resvg-js', '@napi-rs/keyring'],
    plugins: [dataAsText, noChildProcess, straightImports(alsoImports), ...plugins],
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
    ...more,
  });
  for (const file of Object.keys(metafile.outputs).filter((file) => /\/chunks\/.*\.js$/.test(file)))
    writeFileSync(file, builtinsByCall(readFileSync(file, 'utf8')));
  if (process.argv.includes('--metafile'))
    writeFileSync(`dist/${Object.keys(entryPoints)[0]}.meta.json`, JSON.stringify(metafile));
}
