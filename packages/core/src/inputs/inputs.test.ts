import { createReadStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { noisyPNG, pictures } from '../../test/pictures.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageInput } from '../contract/request.ts';
import { createTransport } from '../http/transport.ts';
import {
  fetchInput,
  type InputOptions,
  isBase64Picture,
  leastBase64,
  mostInput,
  readInput,
  readInputs,
} from './inputs.ts';

let folder = '';
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-inputs-'));
  await writeFile(file('a.png'), pictures.png);
  await writeFile(file('größe 1.jpeg'), pictures.jpeg);
  await writeFile(file('notes.txt'), 'Just some notes of mine. '.repeat(20));
  await writeFile(file('cut.png'), pictures.png.subarray(0, 100));
  await writeFile(file('empty.png'), '');
  await writeFile(file('large.png'), noisyPNG(600, 600));
});
afterAll(() => rm(folder, { recursive: true }));

function settings(allowNetworks: readonly string[] = []): InputOptions {
  const transport = createTransport({ env: {}, allowNetworks });
  onTestFinished(() => transport.close());
  return { transport };
}

const read = (input: ImageInput, options: Partial<InputOptions> = {}) =>
  readInput(input, { ...settings(), ...options });

async function failure(work: Promise<unknown>): Promise<ImageError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!ImageError.isInstance(error)) throw error;
  expect(error.hint).toBeTruthy();
  return error;
}

const isNoInput = (value: unknown) => typeof value !== 'string' && !(value instanceof Uint8Array);

const png = { as: 'bytes', mediaType: 'image/png', width: 9, height: 7 };
const base64 = Buffer.from(pictures.png).toString('base64');
const dataURI = `data:image/png;base64,${Buffer.from(pictures.png).toString('base64')}`;

describe('read as bytes, with type and size', () => {
  test.each<[string, () => ImageInput]>([
    ['a path', () => file('a.png')],
    ['a file: URL', () => pathToFileURL(file('a.png'))],
    ['a file: URL as text', () => pathToFileURL(file('a.png')).href],
    ['a data: URI', () => dataURI],
    ['a data: URI as a URL', () => new URL(dataURI)],
    ['base64', () => base64],
    ['base64 without padding', () => base64.replace(/=+$/, '')],
    ['base64url', () => Buffer.from(pictures.png).toString('base64url')],
    ['base64 in lines', () => base64.replaceAll(/.{76}/g, '$&\r\n')],
    ['base64 with line breaks around it', () => `\n ${base64}\n`],
    ['a data: URI with line breaks', () => `\n${dataURI.replaceAll(/.{76}/g, '$&\n')}\n`],
    ['a picture that was made', () => ({ stream: () => new Blob([Uint8Array.from(pictures.png)]).stream() })],
    ['bytes', () => pictures.png],
    ['an ArrayBuffer', () => Uint8Array.from(pictures.png).buffer],
    ['a Blob', () => new Blob([Uint8Array.from(pictures.png)])],
    ['a File', () => new File([Uint8Array.from(pictures.png)], 'a.png')],
    ['a file read as a Node stream', () => createReadStream(file('a.png'), { highWaterMark: 50 })],
    [
      'a generator',
      async function* () {
        yield pictures.png.subarray(0, 50);
        yield pictures.png.subarray(50);
      },
    ],
    [
      'a stream',
      () =>
        ReadableStream.from([pictures.png.subarray(0, 50), pictures.png.subarray(50)]) as ReadableStream<Uint8Array>,
    ],
  ])('%s', async (_, input) => {
    const { bytes, ...rest } = (await read(input())) as { bytes: Uint8Array };
    expect(rest).toEqual(png);
    expect(Buffer.from(bytes).equals(pictures.png)).toBe(true);
  });

  test('a path with spaces and umlauts, and a file of several chunks', async () => {
    expect(await read(file('größe 1.jpeg'))).toMatchObject({ mediaType: 'image/jpeg' });
    expect(await read(pathToFileURL(file('größe 1.jpeg')))).toMatchObject({ mediaType: 'image/jpeg' });
    const large = (await read(file('large.png'))) as { bytes: Uint8Array };
    expect(Buffer.from(large.bytes).equals(noisyPNG(600, 600))).toBe(true);
  });
});

describe('what a text is', () => {
  const formats = Object.entries({ ...pictures }).filter(([name]) => /^(?:png|jpeg|webp|gif|avif)$/.test(name));
  const spelled = fc.record({
    picture: fc.constantFrom(...formats.map(([, bytes]) => bytes)),
    url: fc.boolean(),
    padded: fc.boolean(),
    line: fc.option(fc.integer({ min: 4, max: 100 })),
    ending: fc.constantFrom('\n', '\r\n', ' ', '\t'),
  });

  test('base64 of any picture, however it is written, is that picture', async () => {
    const options = settings();
    await fc.assert(
      fc.asyncProperty(spelled, async ({ picture, url, padded, line, ending }) => {
        const plain = Buffer.from(picture).toString(url ? 'base64url' : 'base64');
        const text = padded ? plain : plain.replace(/=+$/, '');
        const lines = line === null ? text : text.replaceAll(new RegExp(`.{${line}}`, 'g'), `$&${ending}`);
        for (const paths of [true, false]) {
          const { bytes } = (await readInput(lines, { ...options, paths })) as { bytes: Uint8Array };
          expect(Buffer.from(bytes).equals(picture)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a name of a file is never taken for base64', async () => {
    const part = fc.stringMatching(/^[\w+=-]{1,40}$/);
    const name = fc
      .tuple(fc.constantFrom('', './', '/', '../', 'C:\\'), fc.array(part, { minLength: 1, maxLength: 4 }), part)
      .map(([root, folders, last]) => `${root}${folders.join('/')}/${last}.png`);
    fc.assert(fc.property(name, (path) => !isBase64Picture(path)));
    fc.assert(fc.property(fc.string({ maxLength: leastBase64 - 1 }), (text) => !isBase64Picture(text)));
  });

  test('what may be both is refused, until the caller says which it is', async () => {
    const name = base64.slice(0, 48).replaceAll('/', '_');
    const old = process.cwd();
    process.chdir(folder);
    onTestFinished(() => process.chdir(old));
    await writeFile(file(name), pictures.png);
    const error = await failure(read(name));
    expect(error).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('the path of a file, too'),
    });
    expect(await read(`./${name}`)).toMatchObject(png);
    // What names no files here is none of one.
    expect((await failure(read(name, { paths: false }))).message).toContain('the base64 of the input picture');
  });

  test('base64 that is broken, cut off or no picture is told of as that, and not shown', async () => {
    const large = Buffer.from(noisyPNG(100, 100)).toString('base64');
    const broken = await failure(read(`${large.slice(0, 6000)}!${large.slice(6000)}`));
    expect(broken.message).toBe('the base64 of the input picture is broken');
    expect((await failure(read(base64.slice(0, 60)))).message).toMatch(/^the base64 of the input picture: /);
    const words = Buffer.from('no picture at all, but words '.repeat(200)).toString('base64');
    const none = await failure(read(words));
    expect(none.message).toMatch(/^the input picture is a text of \d+ characters, which is neither a path nor base64/);
    expect(none.message.length).toBeLessThan(200);
  });

  test('where texts name no files, none is opened, whatever the text', async () => {
    const paths = false;
    const inputs = ['a.png', file('a.png'), pathToFileURL(file('a.png')), pathToFileURL(file('a.png')).href, '~/a.png'];
    for (const input of [
      ...inputs,
      '\\\\server\\a.png',
      '/dev/zero',
      '',
      ' file:///etc/passwd',
      'FILE:///etc/passwd',
    ]) {
      const error = await failure(read(input, { paths }));
      expect(error).toMatchObject({ code: 'invalid-request', hint: expect.stringContaining('paths is false') });
    }
    expect(await read(dataURI, { paths })).toMatchObject(png);
    expect(await read('https://example.com/a.png', { paths })).toMatchObject({ as: 'url' });
    expect(await read(createReadStream(file('a.png')), { paths })).toMatchObject(png);
  });
});

describe('kept as a URL, unfetched', () => {
  test.each(['https://example.com/a.png?x=1', 'http://example.com/a.png'])('%s', async (url) => {
    expect(await read(url)).toEqual({ as: 'url', url });
    expect(await read(new URL(url))).toEqual({ as: 'url', url });
  });

  test('unless it leads into a private network, or holds a password', async () => {
    const error = await failure(read('http://192.168.1.5/a.png'));
    expect(error.code).toBe('invalid-request');
    expect(error.message).toBe('the URL of the input picture leads to 192.168.1.5, a private address');
    expect(await failure(read('https://user:test-key@example.com/'))).toMatchObject({ code: 'invalid-request' });
    const allowed = settings(['192.168.1.0/24']);
    expect(await readInput('http://192.168.1.5/a.png', allowed)).toEqual({
      as: 'url',
      url: 'http://192.168.1.5/a.png',
    });
  });
});

describe('refused, naming the file', () => {
  const refuse = async (input: ImageInput, options?: Partial<InputOptions>) => {
    const error = await failure(read(input, options));
    expect(error).toMatchObject({ code: 'invalid-request', retryable: false, mayHaveBeenBilled: false });
    return error.message;
  };

  test('a file that is no picture', async () => {
    expect(await refuse(file('notes.txt'))).toBe(`${file('notes.txt')} is not a picture: it is text`);
  });

  test('a file that is cut or empty', async () => {
    expect(await refuse(file('cut.png'))).toBe(`${file('cut.png')}: the picture is truncated: it ends after 100 bytes`);
    expect(await refuse(file('empty.png'))).toBe(`${file('empty.png')}: the picture has no bytes`);
  });

  test('a file that is not there, or a folder', async () => {
    expect(await refuse(file('none.png'))).toBe(`${file('none.png')} does not exist`);
    expect(await refuse(file('a.png/b.png'))).toContain('a part of its path is no folder');
    expect(await refuse(folder)).toBe(`${folder} is a folder`);
    for (const long of ['a\n'.repeat(40), 'long/'.repeat(600), 'x'.repeat(4000)]) {
      const message = await refuse(long);
      expect(message).toMatch(/does not exist|too long/);
      expect(message.length).toBeLessThan(300);
      expect(message).not.toContain('\n');
    }
    expect(await refuse('')).toContain('does not exist');
  });

  test('a file that is too large', async () => {
    expect(await refuse(file('large.png'), { maxBytes: 1000 })).toContain('longer than the 1000 bytes allowed');
  });

  test('schemes other than http, https, data and file', async () => {
    expect(await refuse('ftp://example.com/a.png')).toBe('ftp: URLs cannot be read');
    expect(await refuse('file://other-host/a.png')).toContain('names no file of this machine');
    expect(await refuse('http://')).toBe('the URL of the input picture is not valid');
  });

  test('bytes, streams and data: URIs that are no picture', async () => {
    expect(await refuse(Buffer.from('<svg xmlns="x"/>'))).toBe(
      'the input picture is not a picture: it is an SVG drawing',
    );
    expect(await refuse('data:text/plain,hello')).toBe('the data: URI is not a picture: it is text');
    expect(await refuse('data:image/png;base64,?')).toBe('the data: URI of the input picture is broken');
    const objects = ReadableStream.from(['text']) as unknown as ReadableStream<Uint8Array>;
    expect(await refuse(objects)).toBe('the stream gave string instead of bytes');
    expect(await refuse(Readable.from(['text']))).toBe('the stream gave string instead of bytes');
    expect(await refuse(new Blob(['<svg xmlns="x"/>']))).toContain('it is an SVG drawing');
    expect(await refuse(createReadStream(file('none.png')))).toContain('the stream failed: ENOENT');
    const shut = {
      stream: () => {
        throw new TypeError('the disk is gone');
      },
    };
    expect(await refuse(shut)).toBe('the input picture could not be opened: the disk is gone');
  });

  test('a stream is closed when it is too long', async () => {
    const stream = createReadStream(file('large.png'), { highWaterMark: 1000 });
    expect(await refuse(stream, { maxBytes: 5000 })).toContain('longer than the 5000 bytes allowed');
    expect(stream.destroyed).toBe(true);
  });

  test('any other kind of value, with what is taken', async () => {
    const error = await failure(read({ path: 'a.png' } as unknown as ImageInput));
    expect(error).toMatchObject({
      code: 'invalid-request',
      message: 'the input picture is given as Object, which is not read',
      hint: expect.stringMatching(/path.*URL.*Uint8Array.*ArrayBuffer.*Blob.*stream/),
    });
    const values = fc.anything({ withTypedArray: true, withDate: true, withNullPrototype: true }).filter(isNoInput);
    const options = settings();
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await failure(readInput(value as ImageInput, options))).toMatchObject({ code: 'invalid-request' });
      }),
    );
  });
});

test('a signal that is aborted ends the reading with its reason', async () => {
  const late = new ImageError('timeout', 'too late', { hint: 'Give it longer.' });
  expect(await failure(read(file('a.png'), { signal: AbortSignal.abort(late) }))).toBe(late);
  const controller = new AbortController();
  const reading = failure(read(file('large.png'), { signal: controller.signal }));
  controller.abort(late);
  expect(await reading).toBe(late);
  const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
  const waiting = new AbortController();
  const stuck = failure(read(silent, { signal: waiting.signal }));
  waiting.abort(late);
  expect(await stuck).toBe(late);
  const node = new AbortController();
  const stuckToo = failure(read(new Readable({ read() {} }), { signal: node.signal }));
  node.abort(late);
  expect(await stuckToo).toBe(late);
});

describe('fetching an input URL', () => {
  test('gives the bytes, left on http', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url === '/a.png') response.end(pictures.png);
      else response.writeHead(302, { location: '/a.png' }).end();
    });
    const { bytes, ...rest } = await fetchInput(`${origin}/moved`, settings(['127.0.0.0/8']));
    expect(rest).toEqual(png);
    expect(Buffer.from(bytes).equals(pictures.png)).toBe(true);
  });

  test('is refused for private addresses, first or after a redirect', async () => {
    const { origin, port } = await serve((_, response) =>
      response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
    );
    const first = await failure(fetchInput(origin, settings()));
    expect(first).toMatchObject({ code: 'invalid-request', details: { problem: 'address' } });
    const second = await failure(fetchInput(`http://127.0.0.1:${port}/`, settings(['127.0.0.1'])));
    expect(second.message).toBe('the URL of the input picture leads to 10.0.0.1, a private address');
  });

  test('is refused for what is gone or no picture', async () => {
    const { origin, port } = await serve((request, response) => {
      response.writeHead(request.url === '/gone' ? 404 : 200).end('<html></html>');
    });
    const gone = await failure(fetchInput(`${origin}/gone`, settings(['127.0.0.1'])));
    expect(gone).toMatchObject({ code: 'invalid-request', status: 404 });
    const page = await failure(fetchInput(`${origin}/page`, settings(['127.0.0.1'])));
    expect(page.code).toBe('invalid-request');
    expect(page.message).toBe(`the picture at 127.0.0.1:${port} is not a picture: it is a web page`);
  });

  test('says that a failure of the server may pass', async () => {
    const { origin } = await serve((_, response) => response.writeHead(503).end());
    expect(await failure(fetchInput(origin, settings(['127.0.0.1'])))).toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
  });

  test('goes through a proxy for a person, and not for an agent, whose URLs the guard must see', async () => {
    const { origin } = await serve((_, response) => response.end(pictures.png));
    const env = { HTTP_PROXY: origin };
    const transport = createTransport({ env });
    const url = 'http://pictures.example/a.png';
    expect(await fetchInput(url, { transport })).toMatchObject({ mediaType: 'image/png' });
    expect(await failure(fetchInput(url, { transport, directOnly: true }))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('would be resolved by the proxy'),
    });
    await transport.close();
  });
});

describe('all pictures of a request', () => {
  const forms: Readonly<Record<string, (path: string, size: number) => ImageInput>> = {
    path: (path) => path,
    'file: URL': (path) => pathToFileURL(path),
    bytes: (_, size) => new Uint8Array(size),
    ArrayBuffer: (_, size) => new ArrayBuffer(size),
    Blob: (_, size) => new Blob([new Uint8Array(size)]),
  };

  test.each(Object.entries(forms))('are counted before any is read: %s', async (_, form) => {
    const path = file('holes.png'); // no picture: whoever reads it says so
    const size = mostInput / 8 + 1;
    await writeFile(path, '');
    await truncate(path, size);
    const error = await failure(readInputs(Array(8).fill(form(path, size)), settings()));
    expect(error).toMatchObject({ code: 'invalid-request', hint: 'Give fewer pictures, or smaller ones.' });
    expect(error.message).toBe(
      `the 8 input pictures have ${mostInput + 8} bytes in all; at most 268435456 (256 MiB) are read`,
    );
  });

  test('are counted in whole bytes where they are data: URIs, too', async () => {
    const uri = `data:image/png;base64,${'A'.repeat(mostInput / 4 + 3)}`;
    const error = await failure(readInputs(Array(8).fill(uri), settings()));
    expect(error.message).toMatch(/^the 8 input pictures have \d+ bytes in all;/);
  });

  test('are counted as they arrive where their size is not known', async () => {
    const room = { left: pictures.png.length * 2 };
    const stream = () => Readable.from([pictures.png.subarray(0, 50), pictures.png.subarray(50)]);
    await readInput(stream(), { ...settings(), room });
    await readInput(stream(), { ...settings(), room });
    const error = await failure(readInput(stream(), { ...settings(), room }));
    expect(error.message).toMatch(/^the input pictures have more bytes in all/);
  });

  test('are read in their order', async () => {
    const read = await readInputs([file('a.png'), pictures.jpeg, pictures.png], settings());
    expect(read.map((image) => image.as === 'bytes' && image.mediaType)).toEqual([
      'image/png',
      'image/jpeg',
      'image/png',
    ]);
  });
});
