// npm run drift: our tables compared with the newest SDKs of the registry, which are installed into a temporary folder. Words are names of
// SDKs, for some of them. Exits with 1 if there is a difference that known.json does not have, or something could not be read.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDrift } from './drift.ts';
import { installNewest } from './install.ts';
import { readKnown, sortByKnown } from './known.ts';
import { reportLines } from './report.ts';
import { sdks } from './sdks.ts';

const names = process.argv.slice(2);
const strange = names.filter((name) => !sdks.some((sdk) => sdk.name === name));
if (strange.length > 0) {
  console.error(`There is no ${strange.join(', ')} among ${sdks.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const chosen = names.length > 0 ? sdks.filter(({ name }) => names.includes(name)) : sdks;
const known = readKnown().filter(({ sdk }) => names.length === 0 || names.includes(sdk));
const folder = await mkdtemp(join(tmpdir(), 'anyimage-drift-'));
try {
  const drift = await findDrift(chosen, (name) => installNewest(name, folder));
  const sorted = sortByKnown(drift, known);
  console.log(reportLines(drift, sorted).join('\n'));
  process.exitCode = sorted.unknown.length + drift.failures.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
