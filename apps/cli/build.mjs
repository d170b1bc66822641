// Bundles the command line: dist/anyimage.js and its chunks. The operations of the tables that come with it are written in: its help
// names them without reading a table.
import { providers } from '@anyimage/host';
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';
import { operationsOf } from './src/request/operations.ts';

const operations = operationsOf(providers).map(({ name, command }) => ({ name, command }));

await bundle(build, {
  entryPoints: { anyimage: 'src/main.ts' },
  define: { SHIPPED_OPERATIONS: JSON.stringify(operations) },
});
