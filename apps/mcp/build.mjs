// Bundles the server: dist/anyimage-mcp.js and its chunks.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';

await bundle(build, {
  entryPoints: { 'anyimage-mcp': 'src/main.ts' },
  // Names stay, for stack traces; less text is read and hashed at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  // The SDK's own brings a JSON Schema compiler that this server has no use for: a third of the whole start.
  alias: { '@modelcontextprotocol/server/_shims': fileURLToPath(new URL('src/server/sdk-shims.ts', import.meta.url)) },
});
