// anyimage compare: several models, one request.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { pngSize } from '@anyimage/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { newPerson } from './run-cli.ts';

async function withZhipu() {
  const service = await emulator.start();
  onTestFinished(() => service.close());
  return { service, person: await newPerson(service.env) };
}

test('each model draws the same, and one sheet shows all of it with times and costs', async () => {
  const { person, service } = await withZhipu();
  const words = ['compare', 'a fox', '-m', 'cogview', '-m', 'sketch', '--size', '512x512', '-o', 'foxes'];
  const { code, stdout, stderr } = await person.run(...words);
  expect(code).toBe(0);
  const names = ['cogview.png', 'sketch.png', 'compare.png'];
  expect(stdout).toBe(names.map((name) => `${join('foxes', name)}\n`).join(''));
  expect(stderr).toMatch(/^2 models, 2 pictures, about 0\.06 CNY/);
  expect(stderr).toMatch(/cogview +512x512 png, .* +0\.06 CNY\nsketch +512x512 png, .* +free/);
  const folder = join(person.folder, 'foxes');
  expect((await readdir(folder)).sort()).toEqual(
    ['cogview.png', 'cogview.png.json', 'compare.png', 'sketch.png', 'sketch.png.json'].sort(),
  );
  expect(pngSize(await readFile(join(folder, 'compare.png')))).toEqual({ width: 16 + 2 * 528, height: 608 });
  expect(service.submissions).toBe(1);
});

test('where one model does not take it, nothing is sent to any', async () => {
  const { person, service } = await withZhipu();
  const { code, stdout, stderr } = await person.run(
    'compare',
    'a fox',
    '-m',
    'cogview',
    '-m',
    'sketch',
    '--size',
    '64x64',
    '--json',
  );
  expect({ code, sent: service.submissions }).toEqual({ code: 2, sent: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ models: [{ model: 'cogview', error: { code: 'unsupported' } }] });
  expect(stderr).toContain('nothing was sent to any of the models');
  expect(await readdir(person.folder)).toEqual([]);
});

test('the sheet of an earlier comparison stays', async () => {
  const person = await newPerson();
  const words = ['compare', 'a fox', '-m', 'sketch', '-m', 'sketch/sketch-1', '--size', '64x64', '-o', 'foxes'];
  const first = await person.run(...words);
  expect(first.stdout).toMatch(/foxes\/compare\.png\n$/);
  const before = await readFile(join(person.folder, 'foxes', 'compare.png'));
  expect((await person.run(...words, '--force')).stdout).toMatch(/foxes\/compare-2\.png\n$/);
  expect(await readFile(join(person.folder, 'foxes', 'compare.png'))).toEqual(before);
});

test('a model that fails has a box in the sheet, and the others are there', async () => {
  const { person, service } = await withZhipu();
  service.fault({ on: 'generate', kind: 'failure', code: 'quota' });
  const words = ['compare', 'a fox', '-m', 'cogview', '-m', 'sketch', '--size', '512x512', '-o', 'foxes', '--json'];
  const { code, stdout } = await person.run(...words);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    models: [
      { model: 'cogview', error: { code: 'quota' } },
      { model: 'sketch', images: [{ width: 512 }] },
    ],
    sheet: join(person.folder, 'foxes', 'compare.png'),
  });
});
