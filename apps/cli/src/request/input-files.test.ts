import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSettings, requestTarget } from '@anyimage/host';
import { expect, test } from 'vitest';
import { openInputs } from './input-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
const settings = await loadSettings({ env: { ANYIMAGE_HOME: folder }, folder });
const path = join(folder, 'notes.png');
await writeFile(path, 'bytes');
const bytes = `data:image/png;base64,${Buffer.from('bytes').toString('base64')}`;

async function sent(markup: string, model = 'openai/gpt-image-2.6-flare') {
  const request = { model, images: ['a.png'], providerOptions: { markup, user: 'x' } };
  const { limits } = requestTarget(request, settings);
  return (await openInputs(request, limits[0]?.options)).providerOptions;
}

test('an option that is a picture may be given as a file', async () => {
  expect(await sent(path)).toEqual({ markup: bytes, user: 'x' });
  expect(await sent(pathToFileURL(path).href)).toMatchObject({ markup: bytes });
});

test('URLs, and options of models that have no such picture, stay as they are', async () => {
  for (const url of [bytes, 'https://paint.example/a.png']) expect(await sent(url)).toMatchObject({ markup: url });
  for (const model of ['sketch', 'nope']) expect(await sent(path, model)).toMatchObject({ markup: path });
  expect(await openInputs({})).toEqual({});
});

test.each([
  ['none.png', 'does not exist'],
  ['', 'cannot be read'],
])('the file %j is refused by name', async (name, problem) => {
  await expect(sent(join(folder, name))).rejects.toMatchObject({
    code: 'invalid-request',
    message: `markup: ${join(folder, name)} ${problem}`,
    details: { option: 'providerOptions.markup' },
  });
});

/** A png of 40x20 px, base64. */
const wide =
  'iVBORw0KGgoAAAANSUhEUgAAACgAAAAUCAMAAADImI+JAAAAA1BMVEUiRGasd+E4AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEUlEQVQokWNgGAWjYBQwkAAAAzQAAWANf2kAAAAASUVORK5CYII=';

test('a mask in words becomes a picture as large as the first input, and what it repaints is said', async () => {
  const picture = join(folder, 'day.png');
  await writeFile(picture, wide, 'base64');
  const opened = await openInputs({ images: [picture], mask: 'rect 0,0,100%,40%' });
  expect(opened).toMatchObject({ images: [picture], note: 'Repainted is the upper 40 %: 0,0 to 40,8 px.' });
  const mask = Buffer.from(opened.mask as Uint8Array);
  expect([mask.toString('latin1', 1, 4), mask.readUInt32BE(16), mask.readUInt32BE(20)]).toEqual(['PNG', 40, 20]);
  await expect(openInputs({ images: [picture], mask: 'sky' })).rejects.toMatchObject({
    code: 'invalid-request',
    hint: expect.stringContaining('rect 0,0,100%,40%'),
  });
  // Without a picture it is core's to say what is missing; a file is a file.
  expect(await openInputs({ mask: 'rect 0,0,9,9' })).toEqual({ mask: 'rect 0,0,9,9' });
  expect(await openInputs({ images: [picture], mask: 'mask.png' })).toEqual({ images: [picture], mask: 'mask.png' });
});
