// Bundles the command line and, for who installs this package alone, the MCP server: dist/anyimage.js, dist/anyimage-mcp.js, and the chunks
// that both share.
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';
import { serverOptions } from '../mcp/bundle-options.mjs';

await bundle(build, {
  ...serverOptions,
  entryPoints: { anyimage: 'src/main.ts', 'anyimage-mcp': '../mcp/src/main.ts' },
});
