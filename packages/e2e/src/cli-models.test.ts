// What the tables say, what `anyimage models` lists and what -m auto takes are one and the same.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { models as bailian } from '@anyimage/provider-bailian';
import { models as cogview } from '@anyimage/provider-cogview';
import { models as google } from '@anyimage/provider-google';
import { models as openai } from '@anyimage/provider-openai';
import { expect, test } from 'vitest';
import { newPerson } from './run-cli.ts';

const tables = { bailian, cogview, google, openai };
const keys = {
  DASHSCOPE_API_KEY: 'test-key',
  ZHIPU_API_KEY: 'test-key',
  GEMINI_API_KEY: 'test-key',
  OPENAI_API_KEY: 'test-key',
};

/** Models with an operation, by the tables. */
function having(operation: string): string[] {
  return Object.entries(tables).flatMap(([provider, models]) =>
    Object.entries(models).flatMap(([id, row]) => (operation in row.operations ? [`${provider}/${id}`] : [])),
  );
}

test.each(['generate', 'edit', 'inpaint', 'outpaint', 'upscale', 'colorize'])(
  'models --operation %s lists what the tables say',
  async (operation) => {
    const person = await newPerson();
    const { stdout } = await person.run('models', '--operation', operation, '--json');
    const listed = [...stdout.matchAll(/"((?:bailian|cogview|google|openai)\/[^"\s]+)"/g)].map((match) => match[1]);
    expect([...new Set(listed)].sort()).toEqual(having(operation).sort());
  },
);

test.each([
  ['generate', []],
  ['colorize', ['-i', 'a.png', '--operation', 'colorize']],
])('-m auto takes one of the models that can %s', async (operation, flags) => {
  const person = await newPerson(keys);
  await person.run('a boat', '--size', '1024x1024', '-o', 'a.png');
  const { stdout } = await person.run('a boat', '-m', 'auto', '--dry-run', '--json', ...flags);
  expect(having(operation)).toContain(JSON.parse(stdout).plan.model);
});

test('docs/models.md is what the manifests say', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  await promisify(execFile)(process.execPath, ['scripts/models-doc.mjs', '--check'], { cwd: root });
});
