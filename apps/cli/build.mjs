// Bundles the command line and, for who installs this package alone, the MCP server: dist/anyimage.js, dist/anyimage-mcp.js, and the chunks
// that both share; then the man page. The operations of the tables that come with it are written in: its help names them without
// reading a table.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { providers } from '@anyimage/host';
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';
import { serverOptions } from '../mcp/bundle-options.mjs';
import { operationsOf } from './src/request/operations.ts';

const operations = operationsOf(providers).map(({ name, command }) => ({ name, command }));

await bundle(build, {
  ...serverOptions,
  entryPoints: { anyimage: 'src/main.ts', 'anyimage-mcp': '../mcp/src/main.ts' },
  // A text: a list would become a module that every start loads.
  define: { ...serverOptions.define, SHIPPED_OPERATIONS: JSON.stringify(JSON.stringify(operations)) },
});
writeFileSync('dist/anyimage.1', execFileSync(process.execPath, ['dist/anyimage.js', 'help', '--man']));
