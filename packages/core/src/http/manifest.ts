// What this package says of itself.

// biome-ignore lint/style/noRestrictedImports: the package's own manifest, which bundlers take in
import manifest from '@anyimage/core/package.json' with { type: 'json' };

/** What every request calls itself. */
export const userAgent = `anyimage/${manifest.version}`;

/** The oldest Node that it runs on: `22.19`. */
export const [neededNode = ''] = /\d+\.\d+/.exec(manifest.engines.node) ?? [];
