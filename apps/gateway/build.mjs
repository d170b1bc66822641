// Bundles the gateway: dist/anyimage-gateway.js and its chunks.
import { build } from 'esbuild';
import { bundle } from '../../scripts/bundle.mjs';

await bundle(build, {
  minifyWhitespace: true,
  minifySyntax: true,
  entryPoints: { 'anyimage-gateway': 'src/main.ts' },
});
