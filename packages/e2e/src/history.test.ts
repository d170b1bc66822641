// What was made, at the command line: history, info, again.

import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emulator } from '@anyimage/provider-cogview/emulator';
import { beforeEach, describe, expect, test } from 'vitest';
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
  expect(first.stdout).toMatch(/p-[0-9a-f]{8} .*cat\.png +sketch\/sketch-1 +64x64 +free +一只猫/);
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

describe('pictures of the history by their ids', () => {
  const small = ['--size', '64x64'] as const;
  let id: string;
  beforeEach(async () => {
    await person.run('a red boat', ...small, '--seed', '7', '-o', 'boat.png');
    await person.run('a green boat', ...small, '--seed', '8', '-o', 'green.png');
    const { pictures } = JSON.parse((await person.run('history', 'red', '--json')).stdout);
    id = pictures[0].picture;
  });

  test('are told, made again, compared and removed, also when they were moved', async () => {
    await mkdir(join(person.folder, 'below'));
    await rename(join(person.folder, 'boat.png'), join(person.folder, 'below', 'ship.png'));
    expect((await person.run('history')).stdout).toMatch(new RegExp(`${id.slice(0, 10)} .*below/ship.png \\(moved\\)`));
    expect((await person.run('info', id.slice(0, 8))).stdout).toMatch(/below\/ship.png[\s\S]*prompt +a red boat/);
    const again = await person.run('again', id, '-o', 'again.png');
    expect([again.code, await bytes('again.png')]).toEqual([0, await bytes('below/ship.png')]);
    const differing = await person.run('diff', 'last', 'last:2', '-o', 'both.png');
    expect([differing.code, differing.stdout]).toEqual([0, expect.stringMatching(/seed +7 → 8[\s\S]*both\.png\n$/)]);
    expect(JSON.parse((await person.run('diff', 'again.png', id, '--json')).stdout)).toMatchObject({
      words: [],
      pixels: { width: 64, height: 64, changed: 0 },
      sheet: null,
    });
    const removed = await person.run('rm', 'again.png', 'last:2', '--yes', '--json');
    expect(JSON.parse(removed.stdout).removed).toHaveLength(2);
    expect((await readdir(person.folder)).sort()).toEqual(['below', 'boat.png.json', 'both.png']);
    expect(await find()).toEqual(['a red boat']);
  });

  test('and their sums by month and model', async () => {
    const { stdout } = await person.run('stats', '--since', 'today', '--json');
    expect(JSON.parse(stdout)).toEqual({
      pictures: 2,
      unknown: 0,
      cost: [{ amount: 0, currency: 'USD', estimated: false }],
      months: [expect.objectContaining({ model: 'sketch/sketch-1', pictures: 2 })],
    });
    expect((await person.run('stats', 'boat', '-m', 'sketch')).stdout).toMatch(
      /sketch\/sketch-1 +█+ 2 +free\n\n2 pictures, free/,
    );
    expect(await find('-m', 'openai')).toEqual([]);
    expect(await find('--until', 'yesterday')).toEqual([]);
  });

  test.each([
    ['an id that nobody has', ['info', 'p-0000'], /no picture has the id p-0000[\s\S]*anyimage history lists/],
    ['more pictures than there are', ['info', 'last:9'], /the history has only 2 pictures[\s\S]*last:2/],
    ['a picture that is not there', ['diff', 'boat.png', 'nosuch.png'], /there is no file .*nosuch\.png/],
    ['a sheet that is no png', ['diff', 'boat.png', 'green.png', '-o', 'both.jpg'], /no name of a png/],
    ['a sheet in the place of a picture', ['diff', 'boat.png', 'green.png', '-o', 'boat.png'], /exists already/],
    ['a question to nobody', ['rm', 'boat.png'], /nobody is here to ask[\s\S]*--yes/],
    ['a picture of somebody else among ours', ['rm', 'boat.png', 'own.png', '-y'], /nothing is known of .*own\.png/],
    [
      'an end before the beginning',
      ['history', '--since', '2026-11', '--until', '2026-10'],
      /--since is after --until/,
    ],
    ['no day', ['stats', '--since', '2026-02-30'], /Write a day such as/],
    ['no amount', ['history', '--min-cost', 'much'], /a currency/],
    ['two models', ['history', '-m', 'a', '-m', 'b'], /"a" already: give it once/],
    ['a folder to scan that is not there', ['history', '--scan', 'none'], /there is no folder .*none/],
  ])('%s is refused, and nothing is lost', async (_, words, said) => {
    await writeFile(join(person.folder, 'own.png'), 'own');
    const { code, stdout, stderr } = await person.run(...words);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(said)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect((await readdir(person.folder)).length).toBe(5);
  });

  test('a picture that was changed is not removed', async () => {
    await writeFile(join(person.folder, 'boat.png'), 'painted over');
    expect(await person.run('rm', 'boat.png.json', '-y')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('its bytes are others'),
    });
    expect(await bytes('boat.png')).toEqual(Buffer.from('painted over'));
  });
});

test.runIf(process.platform === 'linux')(
  'a home folder that cannot be is told at once by whatever needs it',
  async () => {
    await writeFile(join(person.folder, 'file'), '');
    for (const home of ['/proc/x', join(person.folder, 'file')]) {
      const other = await newPerson({ ...person.env, ANYIMAGE_HOME: home });
      for (const words of [['history'], ['stats'], ['info', 'last'], ['rm', 'last', '-y']]) {
        const { code, stderr } = await other.run(...words);
        expect([code, stderr]).toEqual([2, expect.stringContaining('Set ANYIMAGE_HOME to a folder')]);
      }
    }
  },
);

test('a copy that tells how it was made lies beside the picture, replaces nothing and has no place in the history', async () => {
  await writeFile(join(person.folder, 'told.embedded.png'), 'mine');
  const refused = await person.run('an orange told', ...small, '-o', 'told.png', '--embed');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('told.embedded.png exists already') });
  expect(await readdir(person.folder)).not.toContain('told.png');
  for (const words of [
    ['-o', 'told.gif'],
    ['-o', '-'],
  ]) {
    expect(await person.run('an orange told', ...small, ...words, '--embed')).toMatchObject({ code: 2 });
  }
  const made = await person.run('an orange told', ...small, '-o', 'told.png', '--embed', '--force', '--json');
  const path = join(person.folder, 'told.embedded.png');
  expect(JSON.parse(made.stdout).embedded).toEqual([{ picture: join(person.folder, 'told.png'), path }]);
  expect((await bytes('told.embedded.png')).includes('an orange told')).toBe(true);
  expect(await find('orange')).toEqual(['an orange told']);
});
