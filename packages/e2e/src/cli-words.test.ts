// Words are money only where they are a prompt: after a service was chosen, what looks like a command sends nothing.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-cogview/emulator';
import type { Emulator } from '@anyimage/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atTerminal, hasTerminal } from './at-terminal.ts';
import { newPerson, type Person } from './run-cli.ts';

let service: Emulator;
let person: Person;
beforeAll(async () => {
  service = await emulator.start();
  person = await newPerson(service.env);
  await person.run('use', 'cogview');
});
afterAll(() => service.close());

test.each([
  [['open', 'x.png'], 2, /x\.png/],
  [['list', '--json'], 2, /Perhaps anyimage history; anyimage make list draws the word/],
  [['Models', '-n', '2'], 2, /"models" is a command/],
  [['--json', 'models'], 2, /--json stands before the command models/],
  [['-m', 'cogview', 'providers'], 2, /--model stands before the command providers/],
  [['help', 'modles'], 2, /Did you mean models\?/],
  [['make', 'it', 'night', '-i', 'x.png'], 2, /anyimage "make it night"/],
  [['help'], 0, /^$/],
  [['version'], 0, /^$/],
])('anyimage %j draws nothing', async (words, code, told) => {
  const before = service.submissions;
  const ended = await person.run(...words);
  expect(ended).toMatchObject({ code });
  expect(ended.stderr).toMatch(told);
  expect(service.submissions).toBe(before);
});

test.each([
  [['sk-0123456789abcdef', '--json'], ''],
  [['make', '--', 'AIzaSy0123456789abc', '--dry-run'], ''],
  [['key', 'openai', 'sk-0123456789abcdef'], ''],
  [['-'], 'OPENAI_API_KEY=sk-0123456789abcdef\n'],
  [['edit', 'x.png', 'sk-0123456789abcdef'], ''],
  [['compare', 'sk-0123456789abcdef', '-m', 'cogview', '-m', 'sketch', '--json'], ''],
  [['batch', '-', '-o', 'rows', '-y', '--json'], 'a boat\nsk-0123456789abcdef\n'],
])('anyimage %j with %j on stdin sends no key as a prompt, and shows it nowhere', async (words, stdin) => {
  const before = service.submissions;
  const { code, stdout, stderr } = await person.pipe(stdin, ...words);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/looks like a secret key.*anyimage keys set PROVIDER/s);
  expect(stdout + stderr).not.toContain('0123456789');
  expect(service.submissions).toBe(before);
});

test('help shows what --help does, of a command too, and version what --version does', async () => {
  const [help, all, update, version] = await Promise.all([
    person.run('help'),
    person.run('--help'),
    person.run('help', 'models', 'update'),
    person.run('version'),
  ]);
  expect(help.stdout).toBe(all.stdout);
  expect(update.stdout).toContain('--accept-lower-prices');
  expect(version.stdout).toBe((await person.run('--version')).stdout);
});

test.each([
  [['make', 'models']],
  [['--', 'models']],
  [['--size', '1024x1024', '--', 'open', 'it']],
  [['open the window']],
])('anyimage %j draws the words', async (words) => {
  const before = service.submissions;
  expect(await person.run(...words)).toMatchObject({ code: 0, stdout: expect.stringMatching(/\.png\n$/) });
  expect(service.submissions).toBe(before + 1);
});

/** Answers the question, if it comes. */
const ask = (answer: string, ...words: readonly string[]) => atTerminal(person, [['[y/N]', answer]], ...words);

test.skipIf(!hasTerminal)('at a terminal a model that costs is asked about once, with its price', async () => {
  const before = service.submissions;
  const refused = await ask('n', 'a red boat', '-n', '2');
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.shown).toMatch(/cogview-4-250304 costs 0\.06 CNY a picture; this request: about 0\.12 CNY/);
  expect(refused.shown).toMatch(/nothing was sent: you did not agree to the price/);
  for (const words of [['-y'], ['--dry-run'], ['-m', 'sketch', '--size', '64x64']]) {
    expect((await ask('n', 'a red boat', ...words)).shown).not.toContain('[y/N]');
  }
  expect(service.submissions).toBe(before + 1);
  expect((await ask('y', 'a red boat')).code).toBe(0);
  expect((await ask('n', 'a red boat')).shown).not.toContain('[y/N]');
  expect(service.submissions).toBe(before + 3);
  expect(JSON.parse(await readFile(join(person.home, 'agreed.json'), 'utf8')).models).toEqual({
    'cogview/cogview-4-250304': '0.06 CNY',
  });
});
