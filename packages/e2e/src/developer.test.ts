// What a developer with core, a provider and no client of their own meets: masks, turns, files, time that runs out, pictures made before.

import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClient,
  type GeneratedImage,
  type GenerateOptions,
  generateImage,
  ImageError,
  type Json,
  resumeImage,
} from '@anyimage/core';
import { fileImageStore } from '@anyimage/host';
import { imageCodec } from '@anyimage/host/codec';
import { bailian } from '@anyimage/provider-bailian';
import { emulator as bailianEmulator } from '@anyimage/provider-bailian/emulator';
import { openai } from '@anyimage/provider-openai';
import { emulator as openaiEmulator } from '@anyimage/provider-openai/emulator';
import { drawTestCard, type Emulator, encodePng } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

const prompt = 'a boat';
const [width, height] = [512, 384];
const boat = drawTestCard({ prompt, width, height });
const palette = [
  [0, 0, 0],
  [255, 255, 255],
] as const;
const mask = encodePng({ width, height, palette, row: () => Uint8Array.from({ length: width }, (_, x) => +(x < 256)) });

let folder: string;
let service: Emulator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-developer-'));
  service = await openaiEmulator.start({ latencyMs: 100 });
});
afterEach(() => service.reset());
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

/** OpenAI as it is imitated, made anew for each call as programs do. */
const provider = () => openai({ apiKey: service.key, baseURL: service.baseURL });

async function failure(work: Promise<unknown>): Promise<ImageError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!ImageError.isInstance(error)) throw error;
  return error;
}

describe('a mask', () => {
  test('is refused before anything is sent where nothing can encode it, with what can', async () => {
    const error = await failure(generateImage({ provider: provider(), prompt, images: [boat], mask }));
    expect(error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('@anyimage/host/codec') });
    expect(service.requests).toEqual([]);
  });

  test('is encoded by the codec that host exports', async () => {
    const { images } = await generateImage({ provider: provider(), prompt, images: [boat], mask, codec: imageCodec() });
    expect(images).toHaveLength(1);
    expect(service.requests[0]).toMatchObject({ path: '/v1/images/edits', body: { mask: { type: 'image/png' } } });
  });
});

describe('an account', () => {
  const twenty = (more: Pick<GenerateOptions, 'concurrency' | 'log'> = {}) =>
    Promise.all(Array.from({ length: 20 }, () => generateImage({ provider: provider(), prompt, ...more })));

  test('is asked two calls at a time, whoever asks', async () => {
    const clients = [1, 2].map(() => createClient({ providers: [provider()] }));
    onTestFinished(() => Promise.all(clients.map((client) => client.close())).then(() => {}));
    const [made] = await Promise.all([twenty(), ...clients.map((client) => client.generate({ prompt }))]);
    expect(made).toHaveLength(20);
    expect(service.submissions).toBe(22);
    expect(service.busiest).toBe(2);
  });

  test('is asked as many as the caller says', async () => {
    await twenty({ concurrency: 5 });
    expect(service.busiest).toBe(5);
    service.reset();
    await twenty({ concurrency: 1 });
    expect(service.busiest).toBe(1);
  });

  test('is another one with another key', async () => {
    const other = await openaiEmulator.start({ key: 'test-key-2' });
    const ask = (key: string) => generateImage({ provider: openai({ apiKey: key, baseURL: other.baseURL }), prompt });
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => ask(index % 2 ? 'test-key' : 'test-key-2')),
    );
    expect(all.map(({ status }) => status)).toEqual(
      Array.from({ length: 6 }, (_, index) => (index % 2 ? 'rejected' : 'fulfilled')),
    );
    await other.close();
  });

  test('that is waited for is told in the log', async () => {
    const said: unknown[] = [];
    const log = (event: string, facts?: Json) => said.push([event, facts]);
    await twenty({ concurrency: 1, log });
    expect(said).toContainEqual(['turn', expect.objectContaining({ atATime: 1, waitedMs: expect.any(Number) })]);
  });
});

describe('a file for the picture', () => {
  const named = (name: string) => join(folder, name);

  test('is written, several with numbers', async () => {
    const { images } = await generateImage({ provider: provider(), prompt, save: named('boat.png') });
    expect(images[0].path).toBe(named('boat.png'));
    expect(await readFile(named('boat.png'))).toEqual(Buffer.from(await images[0].bytes()));
    const several = await generateImage({ provider: provider(), prompt, n: 2, save: named('boats.png') });
    expect(several.images.map(({ path }) => path)).toEqual([named('boats-1.png'), named('boats-2.png')]);
  });

  test.each<[string, string, () => Promise<unknown>, number?]>([
    ['that is there', 'there.png', () => writeFile(named('there.png'), 'mine')],
    ['one of which is there', 'pair.png', () => writeFile(named('pair-2.png'), 'mine'), 2],
    ['that is a folder', 'folder.png', () => mkdir(named('folder.png'))],
    ['in no folder', 'none/boat.png', async () => {}],
    ['that has no name', '', async () => {}],
    ['whose name is too long', `${'n'.repeat(300)}.png`, async () => {}],
    ['whose name no system has', 'boat\0.png', async () => {}],
    ['below a file', 'there.png/boat.png', () => writeFile(named('there.png'), 'mine')],
  ])('%s is refused before anything is sent', async (_, name, prepare, n = 1) => {
    await prepare();
    const error = await failure(generateImage({ provider: provider(), prompt, n, save: name && named(name) }));
    expect(['storage', 'invalid-request']).toContain(error.code);
    expect(error.hint).toBeTruthy();
    expect(service.requests).toEqual([]);
  });

  test('that is there is replaced where that is allowed', async () => {
    await writeFile(named('old.png'), 'mine');
    const { images } = await generateImage({ provider: provider(), prompt, save: named('old.png'), overwrite: true });
    expect(await readFile(named('old.png'))).toEqual(Buffer.from(await images[0].bytes()));
  });

  test('that appears meanwhile loses nothing', async () => {
    const log = () => writeFileSync(named('race.png'), 'mine');
    const { images, warnings } = await generateImage({ provider: provider(), prompt, save: named('race.png'), log });
    expect(images[0].path).toBe(named('race-2.png'));
    const kept = await readFile(images[0].path!);
    expect(kept).toEqual(Buffer.from(await images[0].bytes()));
    expect(warnings).toEqual([]);
  });

  test('whose folder is gone when the picture is there: it is kept elsewhere, and that is told', async () => {
    const gone = await mkdtemp(join(folder, 'gone-'));
    const log = () => rmSync(gone, { recursive: true, force: true });
    const asked = { provider: provider(), prompt, save: join(gone, 'lost.png') };
    const { images, warnings } = await generateImage({ ...asked, log });
    expect(warnings).toMatchObject([{ code: 'store', message: expect.stringContaining('paid for') }]);
    const [image] = images;
    expect(await readFile(image.path!)).toEqual(Buffer.from(await image.bytes()));
    await rm(image.path!);
  });

  test('by save of a picture: the next free name, unless the caller says otherwise', async () => {
    const { images } = await generateImage({ provider: provider(), prompt });
    const [image] = images;
    const path = named('again.png');
    expect(await image.save(path)).toBe(path);
    expect(await image.save(path)).toBe(named('again-2.png'));
    expect(await image.save(path)).toBe(named('again-3.png'));
    expect(await failure(image.save(path, { overwrite: false }))).toMatchObject({ code: 'storage' });
    await writeFile(path, 'mine');
    expect(await image.save(path, { overwrite: true })).toBe(path);
    expect(await readFile(path)).toEqual(Buffer.from(await image.bytes()));
    expect(await failure(image.save(folder, { overwrite: true }))).toMatchObject({ code: 'storage' });
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('time that runs out', () => {
  test.each<[string, () => { timeout?: number; signal?: AbortSignal }]>([
    ['a timeout', () => ({ timeout: 300 })],
    ['AbortSignal.timeout', () => ({ signal: AbortSignal.timeout(300) })],
    [
      'one of several signals',
      () => ({ signal: AbortSignal.any([new AbortController().signal, AbortSignal.timeout(300)]) }),
    ],
  ])('%s while a job runs is no success: the error names the ticket, which brings the picture', async (_, how) => {
    const jobs = await bailianEmulator.start({ checks: 1000 });
    onTestFinished(() => jobs.close());
    const made = () => bailian({ apiKey: jobs.key, baseURL: jobs.baseURL });
    const client = createClient({ providers: [made()] });
    const asked = { model: 'wan2.6-t2i', prompt } as const;
    const [error, outcome] = await Promise.all([
      failure(generateImage({ ...asked, ...how(), provider: made() })),
      client.run({ prompt, model: 'bailian/wan2.6-t2i', ...how() }),
    ]);
    expect(error).toMatchObject({ code: 'timeout', mayHaveBeenBilled: true, tickets: [expect.stringMatching(/^t-/)] });
    expect(error.toJSON()).toMatchObject({ tickets: error.tickets });
    if (!outcome.error) throw new Error('it succeeded');
    expect(outcome.error).toMatchObject({ code: 'timeout', tickets: outcome.pending.map(({ id }) => id) });
    for (const job of jobs.jobs.values()) Object.assign(job, { checksLeft: 0 });

    const [ticket = ''] = error.tickets ?? [];
    const resumed = await resumeImage({ provider: made(), ticket });
    expect(resumed.images[0].mediaType).toBe('image/png');
    expect((await client.resume(outcome.error.tickets?.[0] ?? '')).images).toHaveLength(1);
    expect(jobs.submissions).toBe(2);
    expect(await failure(resumeImage({ provider: made(), ticket }))).toMatchObject({ code: 'not-found' });
    await client.close();
  });
});

describe('a picture that was made is an input', () => {
  const edit = (image: GeneratedImage) => generateImage({ provider: provider(), prompt, images: [image] });

  test('of a store in memory, also after it was saved, and twice', async () => {
    const { images } = await generateImage({ provider: provider(), prompt });
    const [image] = images;
    await edit(image);
    await image.save(join(folder, 'input.png'));
    await rm(join(folder, 'input.png'));
    const again = await edit(image);
    expect((await edit(again.images[0])).images).toHaveLength(1);
    expect(service.requests.filter(({ path }) => path.endsWith('/edits'))).toHaveLength(3);
  });

  test('of a store of files', async () => {
    const home = await mkdtemp(join(folder, 'home-'));
    const store = fileImageStore({ target: { folder: home, force: false }, home });
    const client = createClient({ providers: [provider()], store, paths: false });
    const { images } = await client.generate({ prompt });
    const edited = await client.generate({ prompt, images: [images[0]] });
    expect(edited.images[0].path).toBeDefined();
    // A file that is gone is told as what it is.
    await rm(images[0].path!);
    expect((await client.run({ prompt, images: [images[0]] })).error?.code).toMatch(/storage|invalid-request/);
    await client.close();
  });
});

test('a server that takes texts of its users opens no file for them', async () => {
  await writeFile(join(folder, 'secret.png'), boat);
  for (const text of [join(folder, 'secret.png'), `file://${join(folder, 'secret.png')}`]) {
    const error = await failure(generateImage({ provider: provider(), prompt, images: [text], paths: false }));
    expect(error).toMatchObject({ code: 'invalid-request', hint: expect.stringContaining('paths is false') });
  }
  expect(service.requests).toEqual([]);
  const base64 = Buffer.from(boat).toString('base64');
  await generateImage({ provider: provider(), prompt, images: [base64], paths: false });
  expect(service.submissions).toBe(1);
});
