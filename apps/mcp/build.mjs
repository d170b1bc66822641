// Bundles the server: dist/anyimage-mcp.js for the start, chunks beside it for what is loaded when it is needed.
// --metafile also writes dist/meta.json, which shows what each chunk holds.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { 'anyimage-mcp': 'src/main.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  // Names stay, for stack traces; less text is read and hashed at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  // Native modules find their files beside themselves.
  external: ['sharp', '@resvg/resvg-js', '@napi-rs/keyring'],
  // The SDK's own brings a JSON Schema compiler that this server has no use for: a third of the whole start.
  alias: { '@modelcontextprotocol/server/_shims': fileURLToPath(new URL('src/server/sdk-shims.ts', import.meta.url)) },
  banner: {
    // Bundled CommonJS code asks for node: modules by require.
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
if (process.argv.includes('--metafile')) writeFileSync('dist/meta.json', JSON.stringify(metafile));
