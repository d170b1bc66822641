// Writes dist/manifest.json of the provider package in the current folder: its definition as plain JSON, so that apps can
// list and check models without running provider code. Run by the package's build.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { anyimage } = JSON.parse(readFileSync('package.json', 'utf8'));
const { describeProvider } = await import('@anyimage/core').catch(() => import('../packages/core/dist/index.js'));
const built = await import(pathToFileURL('dist/index.js').href);
const definition = describeProvider(built[anyimage.factory]());
if (definition.id !== anyimage.provider)
  throw new Error(`package.json says ${anyimage.provider}, the code says ${definition.id}`);
writeFileSync('dist/manifest.json', `${JSON.stringify(definition)}\n`);
