// Everything that tests write to the folder for temporary files goes to one folder of this run, which is removed at its end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-tests-'));
  // As os.tmpdir() reads it, on Windows too. Workers and what they start inherit it.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
