import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@anyimage/core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { plainAnswer } from './plain-answer.ts';

const words = { saved: 'Image saved to: ', failing: 'Error generating image: ', tool: 'draw', notes: [] };

async function textOf(
  structuredContent: { readonly [name: string]: Json },
  notes: readonly string[] = [],
): Promise<string> {
  const onDelivered = () => {};
  const shown = { type: 'text', text: 'ours' } as const;
  const answer = await plainAnswer({ content: [shown, shown], structuredContent, onDelivered }, { ...words, notes });
  // What the server is to do when the answer has arrived stays.
  const { text } = answer.content[0] as { text: string };
  const isError = text.startsWith('Error');
  expect(answer).toEqual({ content: [{ type: 'text', text }], onDelivered, ...(isError && { isError }) });
  return text;
}

test('a picture in another format is converted to a png beside it, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  const path = join(folder, 'boat.jpg');
  await sharp({ create: { width: 30, height: 20, channels: 3, background: '#246' } })
    .jpeg()
    .toFile(path);
  const png = join(folder, 'boat.png');
  for (const _ of ['first', 'again']) expect(await textOf({ images: [{ path }] })).toBe(`Image saved to: ${png}`);
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 30, height: 20 });
  expect(await readdir(folder)).toHaveLength(2);
});

test('what cannot be converted is named as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  const path = join(folder, 'boat.webp');
  await writeFile(path, 'no picture');
  expect(await textOf({ images: [{ path }] }, ['a note'])).toBe(`Image saved to: ${path}\nNote: a note.`);
});

test('failures, what goes on, and what nobody can tell are texts that say what to do', async () => {
  const error = { code: 'quota', message: 'no money left', hint: 'Top it up.', mayHaveBeenBilled: true };
  expect(await textOf({ errors: [error] })).toBe(
    'Error generating image: no money left [quota]\nWhat to do: Top it up.\nIt may have been billed.',
  );
  expect(await textOf({ pending: [{ id: 'c-1', state: 'running' }] })).toMatch(
    /^The image is still being made\.\n.*call draw again/,
  );
  expect(await textOf({ pending: [{ id: 't-1', state: 'waiting' }] })).toContain('billed only once');
  expect(await textOf({ pending: [{ id: 't-1', state: 'uncertain' }] })).toMatch(
    /^Error generating image: nobody can tell.*t-1/,
  );
});
