// Drawings: what asks for one, what cannot have one, and what becomes of them when a picture is made again.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator } from '@anyimage/provider-openai/emulator';
import { drawTestCard, type Emulator, pngSize } from '@anyimage/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

let service: Emulator;
let person: Person;
beforeEach(async () => {
  service = await emulator.start();
  person = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'openai/gpt-image-2.6-flare', ANYIMAGE_KEYCHAIN: 'off' });
});
afterEach(() => service.close());

const sent = () => service.requests.map(({ body }) => body);
const file = (name: string) => readFile(join(person.folder, name));

test('a file that ends in .svg is a drawing, and again is one again', async () => {
  expect(await person.run('a boat', '-o', 'a.svg')).toMatchObject({ code: 0 });
  expect(await person.run('again', 'a.svg', '-o', 'b.svg')).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('not kept'),
  });
  expect(sent()).toMatchObject([{ output_format: 'svg' }, { output_format: 'svg' }]);
  expect(String(await file('b.svg'))).toMatch(/^<svg /);
});

test('an option that is a picture takes a file, and again finds it', async () => {
  const card = drawTestCard({ prompt: 'input', width: 512, height: 512 });
  await writeFile(join(person.folder, 'a.png'), card);
  // Byte 25 of a PNG is its colour type: RGB with alpha.
  await writeFile(
    join(person.folder, 'notes.png'),
    Uint8Array.from(card, (byte, at) => (at === 25 ? 6 : byte)),
  );
  const markup = ['--option', 'markup=notes.png'] as const;
  expect(await person.run('as marked', '-i', 'a.png', ...markup, '-o', 'b.png')).toMatchObject({ code: 0 });
  const record = JSON.parse(String(await file('b.png.json')));
  expect(record.request.providerOptions).toEqual({ markup: join(person.folder, 'notes.png') });
  expect(await person.run('again', 'b.png', '-o', 'c.png')).toMatchObject({ code: 0 });
  expect(service.submissions).toBe(2);
  const missing = await person.run('as marked', '-i', 'a.png', '--option', 'markup=none.png');
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('none.png does not exist')]);
});

test('a drawing that an option switches off is refused before it is paid for', async () => {
  const { code, stdout, stderr } = await person.run('a boat', '-o', 'a.svg', '--option', 'svg=false');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--option svg=false makes pixels, which cannot become a.svg');
  expect(service.requests).toHaveLength(0);
});

test('where the model makes drawings, but not of what is asked, it is not proposed', async () => {
  await writeFile(join(person.folder, 'a.png'), drawTestCard({ prompt: 'input', width: 512, height: 512 }));
  const { code, stderr } = await person.run('a boat', '-i', 'a.png', '--mask', 'a.png', '-o', 'd.svg');
  expect(code).toBe(2);
  expect(stderr).toContain('makes no drawings when asked to inpaint');
  expect(stderr).not.toContain('-m openai');
  expect(service.requests).toHaveLength(0);
});

test('a drawing made again as pixels is no drawing, with this model and with one that makes none', async () => {
  await person.run('a boat', '-o', 'a.svg');
  const same = await person.run('again', 'a.svg', '-o', 'b.png');
  expect([same.code, same.stderr]).toEqual([
    0,
    expect.stringContaining('note: --option svg is not kept: b.png is no svg'),
  ]);
  expect(sent()).toMatchObject([{ output_format: 'svg' }, expect.not.objectContaining({ output_format: 'svg' })]);
  const other = await person.run('again', 'a.svg', '-m', 'sketch', '-o', 'c.png', '--size', '64x64');
  expect([other.code, other.stderr]).toEqual([0, expect.stringContaining('sketch makes no svg')]);
  expect(pngSize(await file('c.png'))).toEqual({ width: 64, height: 64 });
  // What is said on the way is no word of the request.
  expect(JSON.parse(String(await file('b.png.json'))).request).not.toHaveProperty('notes');
  expect(await person.run('again', 'b.png', '-o', 'e.png')).toMatchObject({ code: 0 });
});
