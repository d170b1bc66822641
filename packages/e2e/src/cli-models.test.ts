// What the tables say, what `anyimage models` lists and what -m auto takes are one and the same.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { models as bailian } from '@anyimage/provider-bailian';
import { models as cogview } from '@anyimage/provider-cogview';
import { models as google } from '@anyimage/provider-google';
import { models as openai } from '@anyimage/provider-openai';
import { emulator } from '@anyimage/provider-openai/emulator';
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

test('models --refresh asks a service what it has, and remembers the answer', async () => {
  const service = await emulator.start();
  try {
    const person = await newPerson(service.env);
    const { code, stderr } = await person.run('models', 'openai', '--refresh');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^openai lists \d+ models/)]);
    expect(service.requests.map(({ path }) => path)).toEqual(['/v1/models']);
    const kept = JSON.parse(await readFile(join(person.home, 'models', 'openai.json'), 'utf8'));
    expect(kept.listed.models).toContainEqual({ id: 'gpt-image-2.5-flare' });

    // As if the service had a new one.
    const listed = { ...kept.listed, models: [{ id: 'gpt-image-9', retires: '2030-01-01' }] };
    await writeFile(join(person.home, 'models', 'openai.json'), JSON.stringify({ ...kept, listed }));
    const found = await person.run('models', 'gpt-image-9', '--json');
    expect(JSON.parse(found.stdout).models).toMatchObject([
      { model: 'openai/gpt-image-9', status: 'stable', listedAt: expect.any(String), default: false },
    ]);
    expect((await person.run('models', 'openai')).stdout).toMatch(/openai\/gpt-image-9 +listed +\d{4}-/);
    expect((await person.run('models', 'openai/gpt-image-9')).stdout).toContain('what it can do is unknown');
  } finally {
    await service.close();
  }
});

test('models --refresh goes on where one service cannot be asked, and says which', async () => {
  const service = await emulator.start();
  try {
    const person = await newPerson({
      ...service.env,
      GEMINI_API_KEY: 'test-key-gemini',
      GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9',
    });
    const { code, stdout, stderr } = await person.run('models', '--refresh');
    expect([code, stdout]).toEqual([3, expect.stringContaining('sketch/')]);
    expect(stderr).toMatch(/google could not be asked: .*127\.0\.0\.1/);
    expect(stderr).toMatch(/openai lists \d+ models/);
    const alone = await person.run('models', 'google', '--refresh');
    expect([alone.code, alone.stdout]).toEqual([2, '']);
  } finally {
    await service.close();
  }
});

test('docs/models.md is what the manifests say', async () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  await promisify(execFile)(process.execPath, ['scripts/models-doc.mjs', '--check'], { cwd: root });
});
