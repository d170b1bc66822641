import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fsPromises, { mkdtemp, readdir, readFile, rename, stat, statfs, unlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ImageHint, PictureRecord } from '@anyimage/core';
import sharp from 'sharp';
import { beforeEach, expect, test } from 'vitest';
import { discardParts } from '../files/part-file.ts';
import { ownMark } from '../files/process-mark.ts';
import { nameMark } from '../files/write-file.ts';
import { findManifest } from './c2pa.ts';
import { type FileImageStoreOptions, fileImageStore } from './image-store.ts';
import { checkOutput, type OutputOptions } from './output.ts';

const run = promisify(execFile);
const hint: ImageHint = {
  id: 't-7f3a9c01-0',
  model: 'paint/paint-1',
  prompt: 'a paper boat at dawn',
  index: 0,
  count: 1,
};

let folder: string;
let home: string;
let jpeg: Buffer;
let facts: { mediaType: string; width: number; height: number; byteLength: number };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-'));
  home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  jpeg = await sharp({ create: { width: 8, height: 4, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  facts = { mediaType: 'image/jpeg', width: 8, height: 4, byteLength: jpeg.length };
});

const prompt = { original: 'a paper boat at dawn', sent: 'a paper boat at dawn' };
const record: PictureRecord = {
  model: 'paint/paint-1',
  prompt,
  seed: 7,
  sourceUrl: 'https://paint.example/1.jpg',
  expiresAt: Date.parse('2026-12-20T00:00:00Z'),
  applied: [],
  warnings: [],
  cost: { amount: 0.06, currency: 'CNY', estimated: true },
  timings: { totalMs: 1200 },
};

async function storeFor(output: OutputOptions, more: Partial<FileImageStoreOptions> = {}) {
  return fileImageStore({ target: await checkOutput({ folder, ...output }), home, ...more });
}

async function save(store: Awaited<ReturnType<typeof storeFor>>, hints: Partial<ImageHint> = {}) {
  const writer = await store.open({ ...hint, ...hints });
  await writer.write(jpeg.subarray(0, 10));
  await writer.write(jpeg.subarray(10));
  return await writer.commit(facts, record);
}

/** What lies in a folder besides sidecars. */
async function pictures(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.endsWith('.json'));
}

test('a picture gets a name of its prompt, with its bytes untouched', async () => {
  const store = await storeFor({});
  const { path, ...stored } = await save(store);
  expect(basename(path!)).toMatch(/^paper-boat-at-dawn-[0-9a-f]{4}\.jpg$/);
  expect(await readFile(path!)).toEqual(jpeg);
  expect(Buffer.from(await stored.bytes())).toEqual(jpeg);
  expect(Buffer.from(await new Response(stored.stream()).arrayBuffer())).toEqual(jpeg);
  expect((await readdir(folder)).sort()).toEqual([basename(path!), `${basename(path!)}.json`]);
  expect(store.files.get(path!)).toEqual({
    path,
    mediaType: 'image/jpeg',
    bytes: jpeg.length,
    sha256: createHash('sha256').update(jpeg).digest('hex'),
  });
});

test('nothing but a hidden part is seen until the picture is complete', async () => {
  const writer = await (await storeFor({})).open(hint);
  await writer.write(jpeg);
  expect((await readdir(folder)).filter((name) => !name.startsWith('.'))).toEqual([]);
  await writer.abort();
  expect(await readdir(folder)).toEqual([]);
});

test('parts can be discarded at once by a process that must end', async () => {
  const store = await storeFor({});
  const writers = [await store.open(hint), await store.open(hint)];
  await writers[0]!.write(jpeg);
  discardParts();
  expect(await readdir(folder)).toEqual([]);
  await Promise.all(writers.map((writer) => writer.abort()));
});

test('an output file gets exactly its name, several are numbered', async () => {
  const one = await storeFor({ output: join(folder, 'new', 'boat.jpg') });
  expect((await save(one)).path).toBe(join(folder, 'new', 'boat.jpg'));
  const two = await storeFor({ output: join(folder, 'boat.jpg'), n: 2 });
  await save(two, { index: 1, count: 2 });
  await save(two, { index: 0, count: 2 });
  expect((await pictures(folder)).sort()).toEqual(['boat-1.jpg', 'boat-2.jpg', 'new']);
});

test('a file that appeared in the meantime is not replaced: the picture lies beside it, and the store says so', async () => {
  const store = await storeFor({ output: join(folder, 'boat.jpg') });
  await writeFile(join(folder, 'boat.jpg'), 'mine');
  const { path } = await save(store);
  expect(basename(path!)).toMatch(/^boat-[0-9a-f]{4}\.jpg$/);
  expect(await readFile(join(folder, 'boat.jpg'), 'utf8')).toBe('mine');
  expect(store.applied).toEqual([
    { option: 'output', asked: join(folder, 'boat.jpg'), sent: path, because: expect.stringContaining('appeared') },
  ]);
});

test('with force it is replaced', async () => {
  await writeFile(join(folder, 'boat.jpg'), 'old');
  const store = await storeFor({ output: join(folder, 'boat.jpg'), force: true });
  await save(store);
  expect(await readFile(join(folder, 'boat.jpg'))).toEqual(jpeg);
});

test('a file of another format is a conversion; the original is kept, and the store says so', async () => {
  const store = await storeFor({ output: join(folder, 'boat.png') });
  const { path, facts: told } = await save(store);
  expect(path).toBe(join(folder, 'boat.png'));
  expect(told).toEqual({ mediaType: 'image/png', width: 8, height: 4, byteLength: (await stat(path!)).size });
  expect(await sharp(path).metadata()).toMatchObject({ format: 'png', width: 8, height: 4 });
  const file = store.files.get(path!)!;
  expect(file).toMatchObject({ mediaType: 'image/png', bytes: (await stat(path!)).size });
  expect(await readFile(file.original!.path)).toEqual(jpeg);
  expect(file.original!.path.startsWith(join(home, 'originals'))).toBe(true);
  expect(store.applied).toMatchObject([{ option: 'outputFormat', asked: 'png', sent: 'jpeg' }]);
  expect(await pictures(folder)).toEqual(['boat.png']);
});

test('a conversion of a signed picture says that the signature is lost', async () => {
  const manifest = 'JP\0\x01\0\0\0\x01\0\0\0\x26jumb\0\0\0\x1ejumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0';
  const head = Buffer.from([0xff, 0xeb, 0, manifest.length + 2]);
  jpeg = Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(manifest, 'latin1'), jpeg.subarray(2)]);
  const store = await storeFor({ output: join(folder, 'boat.png') });
  const { path } = await save(store);
  expect(store.applied[0]!.because).toContain('a conversion without its C2PA signature');
  expect(await findManifest(path!)).toEqual({ present: false, verified: false });
  expect(await findManifest(store.files.get(path!)!.original!.path)).toEqual({ present: true, verified: false });
});

test('a picture that cannot be converted is kept as it came', async () => {
  jpeg = Buffer.from('no picture that the codec knows');
  const store = await storeFor({ output: join(folder, 'boat.png') });
  const { path } = await save(store);
  expect(path).toBe(join(folder, 'boat.jpg'));
  expect(await readFile(path!)).toEqual(jpeg);
  expect(store.applied).toMatchObject([{ option: 'output', asked: 'image/png', sent: path }]);
});

test('a sidecar beside the picture holds all that is known of it', async () => {
  const store = await storeFor(
    { output: join(folder, 'boat.jpg') },
    { request: { prompt: 'a paper boat', seed: 7 }, now: () => 0 },
  );
  const { path } = await save(store);
  expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toEqual({
    anyimage: 1,
    id: hint.id,
    prompt: { original: 'a paper boat at dawn', sent: 'a paper boat at dawn' },
    model: 'paint/paint-1',
    seed: 7,
    request: { prompt: 'a paper boat', seed: 7 },
    applied: [],
    warnings: [],
    cost: [{ amount: 0.06, currency: 'CNY', estimated: true }],
    timings: { totalMs: 1200 },
    createdAt: '1970-01-01T00:00:00.000Z',
    sourceUrl: 'https://paint.example/1.jpg',
    expiresAt: '2026-12-20T00:00:00.000Z',
    width: 8,
    height: 4,
    mediaType: 'image/jpeg',
    bytes: jpeg.length,
    sha256: createHash('sha256').update(jpeg).digest('hex'),
  });
  expect((await stat(`${path}.json`)).mode & 0o777).toBe(0o644 & ~process.umask());
});

async function inputsAfter(path: string, change: () => Promise<void>) {
  const output = { output: join(folder, 'boat.jpg'), force: true };
  const store = await storeFor(output, { request: { images: [path] } });
  await change();
  const saved = await save(store);
  return JSON.parse(await readFile(`${saved.path}.json`, 'utf8')).inputs;
}

test('an input is recorded as it was, also where the picture replaces it; one that was changed meanwhile is not', async () => {
  const path = join(folder, 'boat.jpg');
  await writeFile(path, 'a harbour');
  const sha256 = createHash('sha256').update('a harbour').digest('hex');
  expect(await inputsAfter(path, async () => {})).toEqual([{ path, sha256 }]);
  expect(await readFile(path)).toEqual(jpeg);
  expect(await inputsAfter(path, () => writeFile(path, 'another harbour'))).toBeUndefined();
});

test('a stranger of the name of the sidecar is kept; an older sidecar is replaced', async () => {
  await writeFile(join(folder, 'boat.jpg.json'), '{"mine": true}');
  await writeFile(join(folder, 'tree.jpg.json'), '{"anyimage": 1}');
  for (const [name, warnings] of [
    ['boat', 1],
    ['tree', 0],
  ] as const) {
    const store = await storeFor({ output: join(folder, `${name}.jpg`) });
    await save(store);
    expect(store.warnings).toHaveLength(warnings);
  }
  expect(await readFile(join(folder, 'boat.jpg.json'), 'utf8')).toBe('{"mine": true}');
  expect(JSON.parse(await readFile(join(folder, 'tree.jpg.json'), 'utf8'))).toMatchObject({ width: 8 });
});

test('two processes that want the same name both keep their picture', async () => {
  const target = await checkOutput({ output: join(folder, 'boat.jpg') });
  const script = `
    import { fileImageStore } from ${JSON.stringify(new URL('./image-store.ts', import.meta.url).href)};
    const store = fileImageStore({ target: ${JSON.stringify(target)}, home: ${JSON.stringify(home)} });
    const writer = await store.open(${JSON.stringify(hint)});
    await writer.write(Buffer.from(String(process.pid)));
    process.stdout.write('ready\\n');
    process.stdin.once('data', async () => {
      const { path } = await writer.commit(${JSON.stringify(facts)}, ${JSON.stringify(record)});
      process.stdout.write(process.pid + ' ' + path + '\\n');
      process.exit();
    });`;
  const children = [0, 1].map(() => start(script));
  await Promise.all(children.map((child) => child.line()));
  for (const child of children) child.process.stdin!.write('go\n');
  const saved = await Promise.all(children.map((child) => child.line()));
  for (const line of saved) {
    const [pid, path] = line.split(' ');
    expect(await readFile(path!, 'utf8')).toBe(pid);
  }
  expect(await readdir(folder)).toHaveLength(4);
});

function start(script: string) {
  const child = execFile(process.execPath, ['--conditions=anyimage-source', '--input-type=module', '-e', script]);
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = '';
  child.stdout!.on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    for (const part of parts) (waiting.shift() ?? ((line) => lines.push(line)))(part);
  });
  const line = () => {
    const next = lines.shift();
    return next === undefined ? new Promise<string>((resolve) => waiting.push(resolve)) : Promise.resolve(next);
  };
  return { process: child, line };
}

test.skipIf(process.platform === 'win32')(
  'a file that the system cuts short is a storage error, and no part stays',
  async () => {
    const script = `
    import { fileImageStore } from ${JSON.stringify(new URL('./image-store.ts', import.meta.url).href)};
    const store = fileImageStore({ target: ${JSON.stringify(await checkOutput({ folder }))}, home: ${JSON.stringify(home)} });
    const writer = await store.open(${JSON.stringify(hint)});
    try {
      await writer.write(Buffer.alloc(100_000));
    } catch (error) {
      await writer.abort();
      console.log(JSON.stringify({ ...error.toJSON() }));
    }`;
    const args = [process.execPath, '--conditions=anyimage-source', '--input-type=module', '-e', script];
    const { stdout } = await run('bash', ['-c', 'ulimit -f 8; exec "$@"', 'bash', ...args]);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('larger than the system allows'),
      hint: expect.stringContaining('resume the ticket'),
    });
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a drawing is kept as it is, or becomes the pixels that were asked for; pixels never become a drawing', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><path d="M0 0h8v4H0z"/></svg>');
  const drawn = { mediaType: 'image/svg+xml', width: 8, height: 4, byteLength: svg.length };
  const saveDrawing = async (output: OutputOptions) => {
    const store = await storeFor(output);
    const writer = await store.open(hint);
    await writer.write(svg);
    const { path } = await writer.commit(drawn, record);
    return { path: path!, file: store.files.get(path!)! };
  };
  const { path } = await saveDrawing({ output: join(folder, 'logo.svg') });
  expect(await readFile(path)).toEqual(svg);
  const { file } = await saveDrawing({ output: join(folder, 'logo.png') });
  expect(await sharp(file.path).metadata()).toMatchObject({ format: 'png', width: 8, height: 4 });
  expect(await readFile(file.original!.path)).toEqual(svg);

  const store = await storeFor({ output: join(folder, 'boat.svg') });
  const kept = await save(store);
  expect(basename(kept.path!)).toBe('boat.jpg');
  expect(store.applied).toMatchObject([
    { option: 'output', because: expect.stringContaining('cannot become a drawing') },
  ]);
});

test('bytes that cannot be written where they should be are kept elsewhere, are found there, and go when they are no longer needed', async () => {
  const store = await storeFor({ output: join(folder, 'boat.jpg') });
  const { value: writer } = await store.rescue!(hint)[Symbol.asyncIterator]().next();
  await writer.write(jpeg);
  const { ref } = await writer.commit(facts, record);
  expect(dirname(ref!)).toBe(join(home, 'rescued'));
  expect(JSON.parse(await readFile(`${ref}.json`, 'utf8'))).toMatchObject({ seed: 7, model: 'paint/paint-1' });
  expect(store.files.size).toBe(0);
  expect(Buffer.from(await (await store.find!(ref!))!.bytes())).toEqual(jpeg);
  await store.forget!(ref!);
  expect(await readdir(join(home, 'rescued'))).toEqual([]);
  expect(await store.find!(ref!)).toBeUndefined();
});

test('forgets nothing but what it rescued', async () => {
  const store = await storeFor({ output: join(folder, 'boat.jpg') });
  const { ref } = await save(store);
  await store.forget!(ref!);
  expect(await pictures(folder)).toEqual(['boat.jpg']);
});

test('makes sure of room, less what others expect', async () => {
  const store = await storeFor({});
  const { bavail, bsize } = await statfs(folder);
  const half = { count: 1, bytes: Math.round(bavail * bsize * 0.6) };
  const giveBack = await store.expect!(half);
  await expect(store.expect!(half)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(
      /nearly full: about .* are needed, .* are free, and .* of them are for pictures on their way/,
    ),
  });
  giveBack();
  (await store.expect!(half))();
});

test.each([undefined, 'boat.jpg', 'boat.png'])(
  'a picture that an earlier run put in its place stays the only one, with its record (%s)',
  async (output) => {
    const place = () => storeFor(output ? { output: join(folder, output) } : {}).catch(() => undefined);
    const resumable = async () => {
      const target = {
        ...(await checkOutput({ folder, ...(output && { output: join(folder, output) }), force: true })),
      };
      return fileImageStore({ target: { ...target, force: false }, home, request: { prompt: 'a boat' } });
    };
    const { path } = await save((await place())!);
    const known = await readFile(`${path}.json`);
    const again = await resumable();
    expect(await save(again, { resumed: true })).toMatchObject({ path });
    expect(await readFile(`${path}.json`)).toEqual(known);
    // Stopped before the sidecar had its name.
    await unlink(`${path}.json`);
    expect(await save(await resumable(), { resumed: true })).toMatchObject({ path });
    expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toMatchObject({ id: hint.id, seed: 7 });
    expect((await readdir(folder)).sort()).toEqual([basename(path!), `${basename(path!)}.json`]);
    expect(await readdir(join(home, 'originals')).catch(() => [])).toHaveLength(output === 'boat.png' ? 1 : 0);
    expect(again.applied.filter(({ option }) => option === 'output')).toEqual([]);
  },
);

test('a file of the same name is taken for the picture only where it was left by an earlier run of its own ticket', async () => {
  const { path } = await save(await storeFor({}));
  const paths = new Set([path]);
  paths.add((await save(await storeFor({}))).path); // a fresh request
  paths.add((await save(await storeFor({}), { resumed: true, id: 't-other-0' })).path);
  expect(paths.size).toBe(3);
  await writeFile(path!, 'something else');
  paths.add((await save(await storeFor({}), { resumed: true })).path);
  expect(paths.size).toBe(3); // the one that the fresh request made
  const named = { folder, file: { name: 'boat', ending: '.jpg' }, force: false };
  const first = await save(fileImageStore({ target: named, home }));
  const second = await save(fileImageStore({ target: named, home }), { resumed: true, id: 't-other-0' });
  expect(second.path).not.toBe(first.path);
});

/** Notes parts in the home, as a process did that was killed. */
async function noteOfKilled(pid: number, parts: readonly string[]): Promise<void> {
  const lines = [{ ...ownMark(), pid }, ...parts].map((line) => `${JSON.stringify(line)}\n`);
  await writeFile(join(home, `parts-${'0'.repeat(15)}${pid % 10}.jsonl`), lines.join(''));
}

test('what a killed process left in any folder is gone after the next picture in another', async () => {
  const script = `
    import { fileImageStore } from ${JSON.stringify(new URL('./image-store.ts', import.meta.url).href)};
    const [home, folder] = process.argv.slice(1);
    const store = fileImageStore({ target: { folder, force: false }, home });
    const writer = await store.open(${JSON.stringify(hint)});
    await writer.write(Buffer.alloc(100));
    process.kill(process.pid, 'SIGKILL');`;
  const elsewhere = join(folder, 'elsewhere');
  const words = ['--conditions=anyimage-source', '--input-type=module', '-e', script, home, elsewhere];
  expect(spawnSync(process.execPath, words).signal).toBe('SIGKILL');
  expect(await readdir(elsewhere)).toHaveLength(1);
  await save(await storeFor({}));
  expect(await readdir(elsewhere)).toEqual([]);
  expect((await readdir(home)).filter((name) => name.startsWith('parts-'))).toEqual([]);
});

test('the notes of the living, and of other machines for a day, are left alone; so is all that is no part', async () => {
  const part = (pid: number) => join(folder, `.anyimage-${pid}-0000000a.part`);
  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  const mine = join(folder, 'mine.txt');
  for (const path of [part(process.ppid), part(ended), part(1), mine]) await writeFile(path, '');
  const { start: _, ...parent } = { ...ownMark(), pid: process.ppid };
  await writeFile(
    join(home, `parts-${'a'.repeat(16)}.jsonl`),
    [parent, part(process.ppid)].map((line) => JSON.stringify(line)).join('\n'),
  );
  const elsewhere = { ...ownMark(), boot: 'another', host: 'another' };
  await writeFile(
    join(home, `parts-${'b'.repeat(16)}.jsonl`),
    [elsewhere, part(1)].map((line) => JSON.stringify(line)).join('\n'),
  );
  await noteOfKilled(ended, [part(ended), mine]);
  await save(await storeFor({}));
  const left = (await pictures(folder)).filter((name) => !name.endsWith('.jpg'));
  expect(left.sort()).toEqual([part(process.ppid), part(1), mine].map((path) => basename(path)).sort());
  const tomorrow = Date.now() + 25 * 3_600_000;
  await save(await storeFor({}, { now: () => tomorrow }));
  expect(await pictures(folder)).not.toContain(basename(part(1)));
  expect(await pictures(folder)).toContain(basename(part(process.ppid)));
});

test('a picture is kept without reading the folder that it goes to', async () => {
  const { readdir: original } = fsPromises;
  const read: string[] = [];
  fsPromises.readdir = ((path: string, ...rest: []) => {
    read.push(path);
    return original(path, ...rest);
  }) as typeof original;
  syncBuiltinESMExports();
  try {
    const target = await checkOutput({ folder });
    await save(fileImageStore({ target, home }));
  } finally {
    fsPromises.readdir = original;
    syncBuiltinESMExports();
  }
  expect(read).toEqual(expect.not.arrayContaining([folder]));
  expect(read).toContain(home);
});

test('a sidecar that a stopped process left without its name gets it with the next picture', async () => {
  const { path } = await save(await storeFor({}));
  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  // Another with the same bytes, which its own process is about to name.
  const { path: other } = await save(await storeFor({}), { id: 't-other-0' });
  await unlink(`${other}.json`);
  const part = join(folder, `.anyimage-${ended}-${nameMark(basename(`${path}.json`))}.part`);
  await rename(`${path}.json`, part);
  await noteOfKilled(ended, [part]);
  const noted: string[] = [];
  const history = {
    add: async (added: readonly { path: string }[]) => void noted.push(...added.map((one) => one.path)),
  };
  const store = await storeFor({}, { history });
  await (await store.open(hint)).abort();
  await store.noted();
  expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toMatchObject({ id: hint.id, seed: 7 });
  expect(noted).toEqual([path]);
  expect(await readdir(folder)).not.toContain(basename(`${other}.json`));
});

test('a picture with pixels that nobody can read is kept as it came, and told', async () => {
  const store = await storeFor({});
  const noise = { type: 'gaussian', mean: 120, sigma: 60 } as const;
  const whole = sharp({ create: { width: 64, height: 64, channels: 3, background: 'red', noise } });
  jpeg = Buffer.concat([(await whole.jpeg().toBuffer()).subarray(0, -200), Buffer.from([0xff, 0xd9])]);
  const { path } = await save(store);
  expect(await readFile(path!)).toEqual(jpeg);
  await store.noted();
  expect(store.warnings).toEqual([
    { code: 'pixels', message: expect.stringMatching(/is kept as it came, but seems damaged: .*premature end/) },
  ]);
});

test('a sound picture is kept without a word', async () => {
  const store = await storeFor({});
  await save(store);
  await store.noted();
  expect(store.warnings).toEqual([]);
});
