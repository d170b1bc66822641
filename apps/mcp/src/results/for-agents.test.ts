import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { forAgents } from './for-agents.ts';

test.each([
  [
    'The job goes on at the service: resume ticket t-1f2e3d4c to fetch the picture without paying again.',
    'The job goes on at the service: call get_image with id "t-1f2e3d4c" to fetch the picture without paying again.',
  ],
  [
    'To ask once more, which costs nothing, resume ticket t-1; if nothing is to be found, drop the ticket.',
    'To ask once more, which costs nothing, call get_image with id "t-1"; if nothing is to be found, the person gives it up with the `anyimage jobs` command.',
  ],
  ['Set the key that was used then, and resume again.', 'Set the key that was used then, and call get_image again.'],
  [
    'Give the file itself; or, if that network is yours, add it to allowNetworks.',
    "Give the file itself; or, if that network is the person's, they add it to allowNetworks of their config.",
  ],
  ['Give a whole picture.', 'Give a whole picture.'],
  ['Try again. If no other anyimage runs, delete x.', 'Try again. If no other anyimage runs, delete x.'],
  [
    'No plugin with the id “midjourney” is used; anyimage plugins add PACKAGE adds one.',
    'No plugin with the id “midjourney” is used; anyimage plugins add PACKAGE adds one. The person can run that command in a terminal.',
  ],
  [
    'Take it back: anyimage models update --undo',
    'Take it back: anyimage models update --undo. The person can run that command in a terminal.',
  ],
  ['The person can allow it with anyimage use.', 'The person can allow it with anyimage use.'],
])('%s', (said, told) => {
  expect(forAgents(said)).toBe(told);
});

/** Texts in quotes or templates of the code from which hints come. */
async function textsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return sources.flatMap((source) => [...source.matchAll(/'[^'\n]*'|`[^`]*`/g)].map(([text]) => text));
}

/** Those of core, host and the providers. */
async function allTexts(): Promise<string[]> {
  const packages = fileURLToPath(new URL('../../../../packages', import.meta.url));
  const folders = (await readdir(packages)).filter((name) => /^(core|host|provider-.+)$/.test(name));
  return (await Promise.all(folders.map((name) => textsIn(join(packages, name, 'src'))))).flat();
}

test('no sentence of core, host or a provider tells an agent to resume or to drop', async () => {
  const texts = await allTexts();
  const steps = texts.filter((text) => /\b(?:resume|drop) (?:the )?(?:ticket|again|it)\b/i.test(text));
  expect(steps.length).toBeGreaterThan(8);
  for (const text of steps) {
    const filled = text.replace(/ticket \$\{[^}]*\}/g, 'ticket t-1');
    expect(forAgents(filled), text).not.toMatch(/\b(?:resume|drop)\b/i);
  }
});

test('every command of ours that a sentence names is told an agent as the person’s to run', async () => {
  const cli = fileURLToPath(new URL('../../../cli/src/commands', import.meta.url));
  const files = await readdir(cli, { recursive: true });
  const names = files.flatMap((name) => /^(?:\w+\/)?([a-z]+)(?:\.ts)?$/.exec(name)?.[1] ?? []);
  const command = new RegExp(`\\banyimage (?:${[...names, 'init'].join('|')})\\b`);
  const texts = (await allTexts()).filter((text) => command.test(text));
  expect(texts.length).toBeGreaterThan(12);
  for (const text of texts) expect(forAgents(text.slice(1, -1)), text).toMatch(/the person/i);
});
