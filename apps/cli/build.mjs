// Bundles the command line: dist/anyimage.js and its chunks.
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';

await bundle(build, { entryPoints: { anyimage: 'src/main.ts' } });
