// Bundles the command line and, for who installs this package alone, the MCP server: dist/anyimage.js, dist/anyimage-mcp.js, and the chunks
// that both share; then the man page. The operations of the tables that come with it are written in: its help names them without
// reading a table.
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { providers } from '@anyimage/host';
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';
import { serverOptions } from '../mcp/bundle-options.mjs';
import { operationsOf } from './src/request/operations.ts';

const operations = operationsOf(providers).map(({ name, command }) => ({ name, command }));

/**
 * Each command imports the parser again, which runs by then. To the bundler, all that the parser needs is needed by every command, and so it
 * puts it into one file: several small ones take longer to find than to run.
 */
const oneStart = {
  name: 'one-start',
  setup({ onLoad }) {
    const program = resolve('src/start/program.ts');
    const start = [program, resolve('src/start/print-version.ts')];
    const late = new Set(globSync('src/**/*.ts').flatMap(importedLate));
    onLoad({ filter: /[\\/]apps[\\/]cli[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (!late.has(path) || start.includes(path)) return undefined;
      return { contents: `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(program)};`, loader: 'ts' };
    });
  },
};

function importedLate(file) {
  const calls = readFileSync(file, 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g);
  return [...calls].map(([, path]) => resolve(dirname(file), path));
}

await bundle(build, {
  ...serverOptions,
  plugins: [...serverOptions.plugins, oneStart],
  entryPoints: { anyimage: 'src/main.ts', 'anyimage-mcp': '../mcp/src/main.ts' },
  // A text: a list would become a module that every start loads.
  define: { ...serverOptions.define, SHIPPED_OPERATIONS: JSON.stringify(JSON.stringify(operations)) },
});
writeFileSync('dist/anyimage.1', execFileSync(process.execPath, ['dist/anyimage.js', 'help', '--man']));
