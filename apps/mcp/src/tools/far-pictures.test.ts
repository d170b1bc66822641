// A mask in words on a picture that lies at a URL.

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sidecarOf } from '@anyimage/host';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { servicesSource } from '../calls/services.ts';
import { unknownClient } from '../results/profiles.ts';
import { editImage } from './edit-image.ts';
import { getImage } from './get-image.ts';
import { runTool } from './run-tool.ts';
import type { Tool } from './tool.ts';

const picture = await sharp({ create: { width: 100, height: 50, channels: 3, background: '#246' } })
  .png()
  .toBuffer();

/** A picture on this machine, and what changes it. */
async function begin(config: object = {}) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(picture);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = await mkdtemp(join(tmpdir(), 'anyimage-far-'));
  await writeFile(join(home, 'config.json'), JSON.stringify(config));
  const source = servicesSource({ ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' });
  onTestFinished(async () => {
    await source.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/day.png`;
  const run = (tool: Tool, words: object) =>
    runTool(tool, words, {
      services: () => source.get(),
      signal: new AbortController().signal,
      client: unknownClient,
      ask: () => undefined,
      report: () => {},
      clientRoots: async () => [],
    });
  return {
    asked,
    url,
    edit: () => run(editImage, { prompt: 'red', model: 'sketch', images: [url], mask: 'top half' }),
    show: (words: object) => run(getImage, words),
  };
}

test('the picture is read once, the mask lies on it, and the sidecar names both as they were given, and get_image tells it later', async () => {
  const { asked, url, edit, show } = await begin({ allowNetworks: ['127.0.0.1'] });
  const { structuredContent } = await edit();
  const { images, applied } = structuredContent as { images: { id: string; path: string }[]; applied: object[] };
  expect(applied).toContainEqual(
    expect.objectContaining({ because: 'Repainted is the upper 50 %: 0,0 to 100,25 px.' }),
  );
  expect(asked).toEqual(['/day.png']);
  const { data, info } = await sharp(await readFile(images[0]!.path))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([100, 50]);
  expect([...data.subarray(-info.channels, -info.channels + 3 || undefined)]).toEqual([0x22, 0x44, 0x66]);
  const later = await show({ id: images[0]!.id });
  const repainted = 'the upper 50 %: 0,0 to 100,25 px.';
  expect(later.structuredContent!.images).toMatchObject([{ repainted }]);
  expect(later.content[0]).toMatchObject({ text: expect.stringContaining(`repainted: “${repainted}”`) });
  expect((await sidecarOf(images[0]!.path))?.request).toMatchObject({ images: [url], mask: 'top half' });
});

test('an address that no agent may name is refused with the step, and nothing is asked', async () => {
  const { asked, edit } = await begin();
  const { isError, structuredContent } = await edit();
  expect(isError).toBe(true);
  expect(structuredContent!.errors).toMatchObject([
    { code: 'invalid-request', hint: expect.stringContaining('Give the file') },
  ]);
  expect(asked).toEqual([]);
});
