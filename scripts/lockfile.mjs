// Fails if the lockfile holds a download address: packages come from whatever registry is configured.
import { readFileSync } from 'node:fs';

const addresses =
  readFileSync('pnpm-lock.yaml', 'utf8').match(/^.*(tarball|resolved|registry):.*$|https?:\/\/.*$/gm) ?? [];
if (addresses.length) {
  console.error(`pnpm-lock.yaml holds download addresses:\n${addresses.join('\n')}`);
  process.exit(1);
}
