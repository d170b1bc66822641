// Bundles the command line and, for who installs this package alone, the MCP server: dist/anyimage.js, dist/anyimage-mcp.js, each with
// chunks of its own; then the man page. The operations of the tables that come with it are written in, and so is the help
// of all: it names them without reading a table, and is printed without the parser.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { providers } from '@anyimage/host';
import { build } from 'esbuild';
import { bundle, lateFiles } from '../../scripts/bundle.mjs';
import { serverOptions } from '../mcp/bundle-options.mjs';
import { operationsOf } from './src/request/operations.ts';
import { recordHelp } from './src/start/help-of-all.ts';
import { createProgram } from './src/start/program.ts';

const operations = operationsOf(providers).map(({ name, command }) => ({ name, command }));

const early = ['src/start/program.ts', 'src/start/at-once.ts'].map((path) => resolve(path));
const models = resolve('src/commands/services/models.ts');
const late = lateFiles(resolve('src'));

/**
 * What is loaded late imports again what runs by then: the parser, and for a command what the list of models needs, which is what nearly all
 * need. To the bundler, everything then needs the same, and it puts that into one file: fifty small ones take longer to find than to run.
 */
function alsoImports(path) {
  if (!late.has(path) || early.includes(path)) return undefined;
  return path === models || /[\\/]src[\\/](start|learn)[\\/]/.test(path) ? early[0] : models;
}

await bundle(build, {
  ...serverOptions,
  alsoImports,
  entryPoints: { anyimage: 'src/main.ts' },
  // A text: a list would become a module that every start loads.
  define: {
    ...serverOptions.define,
    SHIPPED_OPERATIONS: JSON.stringify(JSON.stringify(operations)),
    RECORDED_HELP: JSON.stringify(JSON.stringify(recordHelp(createProgram(), operations))),
  },
});
await bundle(build, { ...serverOptions, isMore: true, entryPoints: { 'anyimage-mcp': '../mcp/src/main.ts' } });
writeFileSync('dist/anyimage.1', execFileSync(process.execPath, ['dist/anyimage.js', 'help', '--man']));
