// How the apps are bundled: dist/NAME.js for the start, chunks beside it for what is loaded when it is needed, and the program that
// works on large pictures, which is started by its name. Runs in the folder of an app; --metafile also writes dist/meta.json, which shows
// what each chunk holds.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function asCall({ moduleRequest, entries }) {
  const module = `globalThis.process.getBuiltinModule(${JSON.stringify(moduleRequest.value)})`;
  const whole = entries.filter(({ importName }) => importName.kind !== 'Name').map(({ localName }) => localName.value);
  const named = entries.filter(({ importName }) => importName.kind === 'Name');
  const names = named.map(({ importName, localName }) => `${importName.name}:${localName.value}`).join();
  return [...whole, ...(named.length > 0 ? [`{${names}}`] : [])].map((name) => `const ${name}=${module};`).join('');
}

/** `build`: esbuild's, which is a dependency of the apps. `more`: what only this app sets. */
export async function bundle(build, { entryPoints, plugins = [], ...more }) {
  rmSync('dist', { recursive: true, force: true });
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
    plugins: [dataAsText, noChildProcess, ...plugins],
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
    ...more,
  });
  for (const file of Object.keys(metafile.outputs).filter((file) => /\/chunks\/.*\.js$/.test(file)))
    writeFileSync(file, builtinsByCall(readFileSync(file, 'utf8')));
  if (process.argv.includes('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(metafile));
}
