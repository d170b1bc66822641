// How both apps are bundled: dist/NAME.js for the start, chunks beside it for what is loaded when it is needed, and the program that
// works on large pictures, which is started by its name. Runs in the folder of an app; --metafile also writes dist/meta.json, which shows
// what each chunk holds.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

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

/** `build`: esbuild's, which is a dependency of the apps. `more`: what only this app sets. */
export async function bundle(build, { entryPoints, ...more }) {
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
    banner: {
      // Bundled CommonJS code asks for node: modules by require.
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    plugins: [dataAsText],
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
    ...more,
  });
  if (process.argv.includes('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(metafile));
}
