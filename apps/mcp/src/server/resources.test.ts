import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Services, type ServicesSource, servicesSource } from '../calls/services.ts';
import { unknownClient } from '../results/profiles.ts';
import { generateImage } from '../tools/generate-image.ts';
import { runTool } from '../tools/run-tool.ts';
import { checkResource, ResourceRefused, readResource } from './resources.ts';

/** Pictures of a test are no larger than this allows. */
const mostBytes = 700_000;

let output: string;
let source: ServicesSource;
let services: Services;
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-resources-'));
  output = join(home, 'pictures');
  await mkdir(output);
  const env = { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ANYIMAGE_OUTPUT: output, HOME: home };
  source = servicesSource({ ...env, PATH: process.env.PATH });
  services = await source.get();
});
afterAll(() => source.close());

/** A picture that cannot be packed; half clear or not. */
async function noise(name: string, side: number, isClear = false): Promise<string> {
  const path = join(output, name);
  const picture = sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } });
  await (isClear ? picture.ensureAlpha(0.5) : picture).toFile(path);
  return path;
}

const read = async (uri: string) => (await readResource(uri, services, mostBytes)).contents as readonly Contents[];

interface Contents {
  readonly mimeType: string;
  readonly blob?: string;
  readonly text?: string;
}

test('a picture that is not too large is given as it is', async () => {
  const path = await noise('small.png', 400);
  const blob = (await readFile(path)).toString('base64');
  expect(await read('anyimage://images/small.png')).toMatchObject([{ mimeType: 'image/png', blob }]);
});

test.each([
  ['opaque.png', false, '', 'image/jpeg'],
  ['clear.png', true, '', 'image/webp'],
  ['sized.png', false, '?size=900', 'image/jpeg'],
  ['png.png', false, '?format=png', 'image/png'],
  ['boxed.png', false, '?size=900x700&format=png', 'image/png'],
] as const)('of %s, which is, a smaller view is given, and where the whole is', async (name, isClear, query, type) => {
  const path = await noise(name, 1000, isClear);
  const contents = await read(`anyimage://images/${name}${query}`);
  expect(JSON.stringify(contents).length).toBeLessThan(1_000_000);
  expect(contents).toMatchObject([{ mimeType: type }, { mimeType: 'text/plain', text: expect.stringContaining(path) }]);
  const { width, height } = await sharp(Buffer.from(contents[0]!.blob!, 'base64')).metadata();
  expect(width).toBeGreaterThan(300);
  expect(height).toBeLessThanOrEqual(query.includes('x700') ? 700 : 1000);
});

test('an id in capitals names the same picture, and what is none can neither be read nor be subscribed to', async () => {
  const request = { services: () => source.get(), client: unknownClient, signal: new AbortController().signal };
  const words = { prompt: 'a boat', size: '64x64', model: 'sketch' };
  const more = { ask: () => undefined, report: () => {}, clientRoots: async () => [] };
  const made = await runTool(generateImage, words, { ...request, ...more });
  const [{ id }] = made.structuredContent!.images as unknown as readonly [{ readonly id: string }];
  for (const uri of [id, id.toUpperCase(), `P${id.slice(1)}`].map((one) => `anyimage://images/${one}`)) {
    expect((await read(uri))[0]!.mimeType).toBe('image/png');
    await checkResource(uri, services);
  }
  for (const uri of ['anyimage://gallery', 'anyimage://styles']) await checkResource(uri, services);
  for (const uri of [
    'anyimage://nosuch',
    'x',
    'anyimage://images/P-000000000000',
    `anyimage://images/${'x'.repeat(5000)}`,
  ]) {
    await expect(checkResource(uri, services)).rejects.toThrow(ResourceRefused);
    await expect(read(uri)).rejects.toThrow(ResourceRefused);
  }
});
