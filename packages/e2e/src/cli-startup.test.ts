// What a start loads: V8 notes every script that ran.

import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { program } from './run-cli.ts';

/** The text of all files of the bundle that a run loads. */
async function loadedBy(...words: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-loaded-'));
  const env = { PATH: process.env.PATH, HOME: folder, NODE_V8_COVERAGE: join(folder, 'coverage') };
  expect(spawnSync(process.execPath, [program, ...words], { env, cwd: folder }).status).toBe(0);
  const [report] = await readdir(env.NODE_V8_COVERAGE);
  const { result } = JSON.parse(await readFile(join(env.NODE_V8_COVERAGE, report!), 'utf8'));
  const files = (result as { url: string }[]).map(({ url }) => url).filter((url) => url.startsWith('file:'));
  const texts = await Promise.all(files.map((url) => readFile(fileURLToPath(url), 'utf8')));
  return texts.join('\n');
}

/** Found in the code of the HTTP client, of a service's wire, of the drawing and in the styles, and nowhere else. */
const marks = {
  undici: 'webidl',
  cogview: 'images/generations',
  sketch: 'import("@resvg/resvg-js")',
  styles: 'halftone dots',
};
const found = (text: string) =>
  Object.entries(marks)
    .filter(([, mark]) => text.includes(mark))
    .map(([name]) => name);

test.each([[['--version']], [['--help']], [['models']], [['jobs', 'list']], [['__complete', 'fish', '=', 'use']]])(
  '%j loads no HTTP client, no provider and no styles',
  async (words) => {
    expect(found(await loadedBy(...words))).toEqual([]);
  },
);

test('the marks are those of the bundle', async () => {
  const chunks = join(dirname(program), 'chunks');
  const texts = await Promise.all((await readdir(chunks)).map((name) => readFile(join(chunks, name), 'utf8')));
  expect(found(texts.join('\n'))).toEqual(Object.keys(marks));
});

test('a start stays small', async () => {
  for (const flag of ['--version', '--help']) expect((await loadedBy(flag)).length).toBeLessThan(200_000);
});

test('a picture loads the provider that draws it, and neither HTTP client nor styles', async () => {
  expect(found(await loadedBy('a boat', '--size', '64x64'))).toEqual(['sketch']);
});
