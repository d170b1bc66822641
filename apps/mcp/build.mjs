// Bundles the server: dist/anyimage-mcp.js and its chunks.
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';
import { serverOptions } from './bundle-options.mjs';

await bundle(build, { ...serverOptions, entryPoints: { 'anyimage-mcp': 'src/main.ts' } });
