import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { forAgent } from './for-agent.ts';

const core = fileURLToPath(new URL('../../../../packages/core/src/', import.meta.url));
const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
/** What only a person, or a program, can do. */
const notForAgents = /\b(?:resume|drop)\b(?! one)/i;

test('no hint of core tells an agent to resume or to drop a ticket', async () => {
  const hints: string[] = [];
  for await (const name of glob('{access,run}/*.ts', { cwd: core })) {
    if (name.endsWith('.test.ts')) continue;
    const code = (await readFile(join(core, name), 'utf8')).replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    const texts = [...code.matchAll(literal)].map(([text]) => text.slice(1, -1).replace(/\$\{[^}]*\}/g, 't-1a2b'));
    hints.push(...texts.filter((text) => text.includes(' ') && notForAgents.test(text)));
  }
  expect(hints.length).toBeGreaterThan(8);
  expect(hints.map(forAgent).filter((hint) => notForAgents.test(hint))).toEqual([]);
});

test.each([
  [
    'The picture is made and paid for: resume ticket t-7f3a to fetch it without paying again.',
    'The picture is made and paid for: call get_image with id "t-7f3a" to fetch it without paying again.',
  ],
  [
    'Look at the account of the service; if nothing was billed there, drop the ticket and ask again.',
    'Look at the account of the service; if nothing was billed there, ask once more.',
  ],
  ['Free some space and try again.', 'Free some space and try again.'],
])('%s', (hint, wanted) => {
  expect(forAgent(hint)).toBe(wanted);
});
