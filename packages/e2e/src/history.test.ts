// What was made, at the command line: history, info, again.

import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { beforeEach, expect, test } from 'vitest';
import { newPerson, type Person } from './run-cli.ts';

const small = ['--size', '64x64'] as const;
let person: Person;
beforeEach(async () => {
  person = await newPerson();
});

const bytes = (name: string) => readFile(join(person.folder, name));
async function find(...words: string[]): Promise<string[]> {
  const { stdout } = await person.run('history', ...words, '--json');
  return JSON.parse(stdout).pictures.map((picture: { prompt: string }) => picture.prompt);
}

test('history shows what was made wherever it lies, page by page, and finds words, also 猫', async () => {
  await mkdir(join(person.folder, 'a'));
  await person.run('a red boat', ...small, '-o', 'a/');
  await person.run('一只猫', ...small, '-o', 'cat.png');
  await person.run('a green boat', ...small);
  expect(await find()).toEqual(['a green boat', '一只猫', 'a red boat']);
  expect(await find('猫')).toEqual(['一只猫']);
  expect(await find('boat', 'red')).toEqual(['a red boat']);
  const first = await person.run('history', '--limit', '2');
  expect(first.stdout).toMatch(/cat\.png +sketch\/sketch-1 +64x64 +一只猫/);
  const { next } = JSON.parse((await person.run('history', '--limit', '2', '--json')).stdout);
  expect(first.stderr).toContain(`--before ${next}`);
  expect(await find('--before', String(next))).toEqual(['a red boat']);
  expect(await person.run('history', 'elephant')).toMatchObject({ code: 0, stdout: '' });
});

test('a damaged index is made anew and said, a missing one too; what is gone is told', async () => {
  await person.run('a boat', ...small, '-o', 'boat.png');
  await person.run('a tree', ...small, '-o', 'tree.png');
  await writeFile(join(person.home, 'library.sqlite'), 'no database, but long enough to look like one'.repeat(100));
  const { stderr, stdout } = await person.run('history');
  expect(stderr).toContain('the index of the history was damaged; it is made anew from the sidecars');
  expect(stdout).toMatch(/tree\.png[\s\S]*boat\.png/);
  await unlink(join(person.folder, 'boat.png'));
  expect((await person.run('history')).stdout).toContain('boat.png (gone)');
  expect((await person.run('history', '--rebuild')).stdout).not.toContain('boat.png');
});

test('doctor tells of pictures that the history could not add', async () => {
  await person.run('a boat', ...small);
  const index = new DatabaseSync(join(person.home, 'library.sqlite'));
  index.exec('DROP TABLE words');
  index.close();
  expect((await person.run('a tree', ...small)).stderr).toContain('the history lacks this picture');
  const { checks } = JSON.parse((await person.run('doctor', '--json')).stdout);
  expect(checks).toContainEqual({
    name: 'history',
    state: 'warning',
    message: expect.stringMatching(/^1 picture; 1 more could not be added yet, such as .*tree.*\.png$/),
    hint: expect.stringContaining('--rebuild'),
  });
});

test('pictures of another machine are taken in with --scan', async () => {
  await person.run('a boat', ...small, '-o', 'boat.png');
  const other = await newPerson();
  expect(await other.run('history', '--scan', person.folder)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('boat.png'),
    stderr: expect.stringContaining('1 picture in the history'),
  });
});

test('a folder to scan that is not there is an error', async () => {
  expect(await person.run('history', '--scan', 'none')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`error: there is no folder ${join(person.folder, 'none')}`),
  });
});

test('info and history show a sidecar with odd facts without them', async () => {
  await person.run('a boat', ...small, '-o', 'boat.png');
  const facts = JSON.parse(String(await bytes('boat.png.json')));
  const odd = { ...facts, seed: 8.5, width: 128.5, createdAt: 12, cost: 5, timings: {}, warnings: 'none' };
  await writeFile(join(person.folder, 'boat.png.json'), JSON.stringify(odd));
  expect(await person.run('info', 'boat.png')).toMatchObject({ code: 0, stdout: expect.stringContaining('a boat') });
  await unlink(join(person.home, 'library.sqlite'));
  expect(await find('boat')).toEqual(['a boat']);
});

test('an index that was left empty is made anew', async () => {
  await person.run('a boat', ...small, '-o', 'boat.png');
  await writeFile(join(person.home, 'library.sqlite'), '');
  const { code, stdout, stderr } = await person.run('history', '--json');
  expect({ code, pictures: JSON.parse(stdout).pictures.length }).toEqual({ code: 0, pictures: 1 });
  expect(stderr).toContain('the index of the history was not complete; it is made anew from the sidecars');
});

test('info reads back prompt, model, seed and cost, also of a picture that was moved', async () => {
  await person.run('a paper boat', ...small, '--seed', '7', '-o', 'boat.png');
  const told = JSON.parse((await person.run('info', 'boat.png', '--json')).stdout);
  expect(told).toMatchObject({
    path: join(person.folder, 'boat.png'),
    prompt: { original: 'a paper boat' },
    model: 'sketch/sketch-1',
    seed: 7,
    cost: [{ amount: 0, currency: 'USD' }],
  });
  await rename(join(person.folder, 'boat.png'), join(person.folder, 'moved.png'));
  const { stdout } = await person.run('info', 'moved.png');
  for (const text of ['a paper boat', 'sketch/sketch-1', 'free', 'boat.png.json']) expect(stdout).toContain(text);
  expect(stdout).toMatch(/seed +7/);
  await writeFile(join(person.folder, 'notes.txt'), 'mine');
  expect(await person.run('info', 'notes.txt')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: nothing is known/),
  });
});

test('again makes the same picture byte for byte, and another with what the flags change', async () => {
  await person.run('a red boat at dawn', '--size', '96x64', '-n', '2', '--option', 'time=night', '-o', 'boat.png');
  expect(await person.run('again', 'boat-2.png', '-o', 'same.png')).toMatchObject({ code: 0, stdout: 'same.png\n' });
  expect(await bytes('same.png')).toEqual(await bytes('boat-2.png'));
  expect(await person.run('again', 'same.png', '-o', 'sames.png')).toMatchObject({ code: 0 });
  expect(await bytes('sames.png')).toEqual(await bytes('boat-2.png'));
  const { stdout } = await person.run('again', 'boat-2.png', '--seed', '9', '--aspect-ratio', '1:1', '--json');
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ prompt: { original: 'a red boat at dawn' }, images: [{ seed: 9 }] });
  expect(document.images[0].width).toBe(document.images[0].height);
});

test('again finds the input pictures from anywhere', async () => {
  await person.run('a house', '--size', '80x64', '-o', 'day.png');
  await person.run('at night', '-i', 'day.png', '--seed', '3', '-o', 'out/night.png');
  const elsewhere = await newPerson({ ANYIMAGE_HOME: person.home });
  const { code } = await elsewhere.run('again', join(person.folder, 'out', 'night.png'), '-o', 'night.png');
  expect(code).toBe(0);
  expect(await readFile(join(elsewhere.folder, 'night.png'))).toEqual(await bytes('out/night.png'));
});

test('again warns where an input picture is another now', async () => {
  await person.run('a house', '--size', '80x64', '-o', 'day.png');
  await person.run('at night', '-i', 'day.png', '--seed', '3', '-o', 'day.png', '--force');
  const warning = 'warning: day.png is not the picture that was used then: it was changed since';
  expect((await person.run('again', 'day.png', '-o', 'other.png')).stderr).toContain(warning);
  await person.run('a house', '--size', '80x64', '-o', 'house.png');
  await person.run('at night', '-i', 'house.png', '-o', 'night.png');
  expect((await person.run('again', 'night.png', '-o', 'same.png')).stderr).not.toContain('changed since');
  expect(await bytes('same.png')).toEqual(await bytes('night.png'));
  const given = await person.run('again', 'day.png', '-i', 'house.png', '-o', 'given.png');
  expect([given.code, given.stderr]).toEqual([0, expect.not.stringContaining('changed since')]);
});

test('again refuses what it knows nothing of', async () => {
  await writeFile(join(person.folder, 'stranger.png'), 'mine');
  for (const name of ['stranger.png', 'none.png']) {
    const { code, stdout } = await person.run('again', name, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ images: [], error: { code: 'not-found' } });
  }
});

test('a picture that a ticket brought can be made again', async () => {
  const service = await emulator.start();
  try {
    const customer = await newPerson({ ...service.env, ANYIMAGE_MODEL: 'cogview' });
    service.fault({ on: 'result', kind: 'status', status: 410 });
    await customer.run('a boat', '--quality', 'hd', '--size', '768x1344');
    await customer.run('jobs', 'resume', '-o', 'boat.png');
    const { code, stdout } = await customer.run('again', 'boat.png', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      images: [{ width: 768, height: 1344, model: 'cogview/cogview-4-250304' }],
    });
    expect(service.submissions).toBe(2);
  } finally {
    await service.close();
  }
});

test('several command lines that draw at the same time are all in the history', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const ended = await Promise.all(names.map((name) => person.run('a boat', ...small, '-o', `${name}.png`)));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(await find()).toHaveLength(4);
  expect((await readdir(person.home)).sort()).toEqual(['folders.jsonl', 'library.sqlite']);
});
