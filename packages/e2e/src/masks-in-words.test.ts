// A mask as a shape in words, through both apps: what lies outside of it stays, and the record can be made again.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawTestCard, readPng } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import { newPerson } from './run-cli.ts';
import { newServer } from './run-mcp.ts';

const card = drawTestCard({ prompt: 'day', width: 96, height: 80 });
const shape = 'RECT 0 0 100% 40 %';
const said = 'Repainted is the upper 40 %: 0,0 to 96,32 px.';

/** The rows of a picture that are not as they were, from the first to the last. */
async function changedRows(path: string): Promise<[number, number]> {
  const [before, after] = [readPng(card)!, readPng(await readFile(path))!];
  expect([after.width, after.height]).toEqual([96, 80]);
  const line = ({ at }: typeof before, row: number) =>
    Array.from({ length: 96 }, (_, column) => at(column, row)).join();
  const rows = Array.from({ length: 80 }, (_, row) => row).filter((row) => line(before, row) !== line(after, row));
  return [rows[0]!, rows.at(-1)!];
}

test('edit_image repaints a shape, says which, and says what to write in place of what nobody can find', async () => {
  const settings = await newServer();
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StdioClientTransport(settings));
  onTestFinished(() => client.close());
  const images = [`data:image/png;base64,${Buffer.from(card).toString('base64')}`];
  const call = async (mask: string) => {
    const words = { prompt: 'a starry night', model: 'sketch', images, mask };
    const { content, structuredContent } = await client.callTool({ name: 'edit_image', arguments: words });
    return { text: JSON.stringify(content), document: structuredContent as { images?: { path: string }[] } };
  };
  const { text, document } = await call(shape);
  expect(text).toContain(said);
  expect(JSON.stringify(document)).toContain(said);
  const { path } = document.images![0]!;
  expect(await changedRows(path)).toEqual([0, 31]);
  expect(JSON.parse(await readFile(`${path}.json`, 'utf8')).request).toMatchObject({ mask: shape });
  const refused = await call('sky');
  expect(refused.text).toContain('rect 0,0,100%,40%');
  expect(JSON.stringify(refused.document)).toContain('rect 0,0,100%,40%');
});

test('--mask takes the same shapes, and the picture can be made again', async () => {
  const person = await newPerson();
  await writeFile(join(person.folder, 'day.png'), card);
  const first = await person.run('a starry night', '-i', 'day.png', '--mask', shape, '-o', 'night.png');
  expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining(said) });
  expect(await changedRows(join(person.folder, 'night.png'))).toEqual([0, 31]);
  const again = await person.run('again', 'night.png', '-o', 'twin.png');
  expect(again, again.stderr).toMatchObject({ code: 0 });
  const bytes = (name: string) => readFile(join(person.folder, name));
  expect(await bytes('twin.png')).toEqual(await bytes('night.png'));
  const refused = await person.run('a starry night', '-i', 'day.png', '--mask', 'rect 0,0,100%,100%', '-o', 'x.png');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('whole picture') });
});
