import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CallContext, Progress, ProviderCall, ProviderFactory } from '@anyimage/core';
import { limitsOf } from '@anyimage/core';
import { conformance } from '@anyimage/testkit/conformance';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { timeWords, weatherWords } from './data/moments.ts';
import { type StyleId, styles } from './data/styles.ts';
import { subjectWords } from './data/subjects.ts';
import { sketch } from './index.ts';
import { warningsOf } from './warnings.ts';

/** Where no size is asked for, a small one: the others are asked for by name. */
const smallSketch: ProviderFactory = (access) => {
  const provider = sketch(access);
  const row = models['sketch-1'];
  const { generate } = row.operations;
  const size = { ...generate.size, default: '256x256' } as const;
  return {
    ...provider,
    models: { 'sketch-1': { ...row, operations: { ...row.operations, generate: { ...generate, size } } } },
  };
};
conformance({ provider: smallSketch });

const small = { width: 256, height: 192 };

function callOf(prompt: string, change: Partial<ProviderCall> = {}): ProviderCall {
  const operation = change.operation ?? 'generate';
  const limits = limitsOf(models['sketch-1'], operation)!;
  return {
    intent: 'test',
    model: 'sketch-1',
    operation,
    limits,
    prompt,
    n: 1,
    images: [],
    partials: 0,
    options: {},
    size: small,
    ...change,
  };
}

async function run(prompt: string, change: Partial<ProviderCall> = {}, context: Partial<CallContext> = {}) {
  const { outputs } = await sketch().generate!(callOf(prompt, change), {
    baseURL: 'http://127.0.0.1',
    region: 'local',
    signal: new AbortController().signal,
    http: { send: () => Promise.reject(new Error('nothing may be sent')) },
    now: () => 0,
    log: () => {},
    report: () => {},
    ...context,
  });
  return outputs.map((output) => {
    if (!('bytes' in output)) throw new Error('every output has bytes');
    return output;
  });
}

async function draw(prompt: string, change: Partial<ProviderCall> = {}): Promise<Uint8Array> {
  const [picture] = await run(prompt, { seed: 7, ...change });
  return picture!.bytes;
}

async function pixels(bytes: Uint8Array): Promise<[red: number, green: number, blue: number][]> {
  const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: data.length / 3 }, (_, at) => [data[at * 3]!, data[at * 3 + 1]!, data[at * 3 + 2]!]);
}

async function brightness(bytes: Uint8Array): Promise<number> {
  // Statistics are of the file, alpha and all.
  const { channels } = await sharp(bytes).stats();
  return channels.slice(0, 3).reduce((sum, { mean }) => sum + mean, 0) / 3;
}

describe('sketch draws', () => {
  test('the same bytes for the same prompt, size, seed and options', async () => {
    const once = await draw('a paper boat at dawn');
    expect(Buffer.from(await draw('a paper boat at dawn')).equals(once)).toBe(true);
    expect(Buffer.from(await draw('a paper boat at dawn', { seed: 8 })).equals(once)).toBe(false);
    expect(Buffer.from(await draw('a paper boat at night')).equals(once)).toBe(false);
  });

  test('the same bytes in another process', async () => {
    const script = `
      const { sketch } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const drawn = [];
      for (const call of JSON.parse(process.argv[1])) {
        const { outputs } = await sketch().generate(call, { signal: new AbortController().signal, report() {} });
        drawn.push(Buffer.from(outputs[0].bytes).toString('base64'));
      }
      process.stdout.write(drawn.join(' '));`;
    const names = Object.keys(styles);
    const words = names.map((style) => ({ seed: 11, style }));
    const calls = words.map((each) => callOf('a red balloon over the mountains at dawn', each));
    const flags = ['--conditions=anyimage-source', '--input-type=module', '--eval', script, JSON.stringify(calls)];
    const { stdout } = await promisify(execFile)(process.execPath, flags, { maxBuffer: 2 ** 26 });
    const there = stdout.split(' ');
    for (const [index, each] of words.entries()) {
      const [here] = await run('a red balloon over the mountains at dawn', each);
      expect(there[index] === Buffer.from(here!.bytes).toString('base64'), names[index]).toBe(true);
    }
  });

  test('different pictures for neighbouring seeds', async () => {
    const pictures = await run('a house', { seed: 0, n: 4 });
    expect(pictures.map(({ seed }) => seed)).toEqual([0, 1, 2, 3]);
    expect(new Set(pictures.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).size).toBe(4);
  });

  test('with a seed of its own that brings the picture back', async () => {
    const [first, second] = await run('a cat', { n: 2 });
    expect(first!.seed).not.toBe(second!.seed);
    expect(Buffer.from(await draw('a cat', { seed: second!.seed! })).equals(second!.bytes)).toBe(true);
  });

  test('seeds that wrap at the largest', async () => {
    const pictures = await run('a cat', { seed: 4294967295, n: 2 });
    expect(pictures.map(({ seed }) => seed)).toEqual([4294967295, 0]);
  });

  test('exactly the size asked for', async () => {
    const side = fc.integer({ min: 64, max: 700 });
    await fc.assert(
      fc.asyncProperty(side, side, fc.nat(1000), async (width, height, seed) => {
        const prompt = ['forest in the rain', 'city and mountains', 'palm beach', 'desert', 'aurora, tent'][seed % 5]!;
        const picture = await sharp(await draw(prompt, { size: { width, height }, seed })).metadata();
        expect([picture.width, picture.height]).toEqual([width, height]);
      }),
      { numRuns: 12 },
    );
  });

  test.each(['4096x64', '64x4096'])('the extreme size %s', async (size) => {
    const [width, height] = size.split('x').map(Number) as [number, number];
    const picture = await sharp(
      await draw('a boat, mountains and a city in the rain', { size: { width, height } }),
    ).metadata();
    expect([picture.width, picture.height]).toEqual([width, height]);
  });

  test.each([
    ['png', 'image/png', [0x89, 0x50, 0x4e, 0x47]],
    ['jpeg', 'image/jpeg', [0xff, 0xd8, 0xff]],
    ['webp', 'image/webp', [0x52, 0x49, 0x46, 0x46]],
  ] as const)('%s', async (outputFormat, mediaType, magic) => {
    const [picture] = await run('a boat', { outputFormat });
    expect(picture!.mediaType).toBe(mediaType);
    expect([...picture!.bytes.subarray(0, magic.length)]).toEqual(magic);
  });

  test.each(['jpeg', 'webp'])('smaller %s files for a lower outputCompression', async (outputFormat) => {
    const [low, high] = [
      await draw('a boat', { outputFormat, outputCompression: 10 }),
      await draw('a boat', { outputFormat, outputCompression: 95 }),
    ];
    expect(low.length).toBeLessThan(high.length / 2);
    expect((await draw('a boat', { outputFormat, outputCompression: 0 })).length).toBeGreaterThan(0);
  });

  test('night darker than day', async () => {
    expect(await brightness(await draw('the sea at night'))).toBeLessThan(
      (await brightness(await draw('the sea by day'))) * 0.6,
    );
  });

  test.each(['sailboat', 'house', 'balloon', 'cat', 'boat', 'paper boat', 'lighthouse'])(
    'a red %s redder than a blue one',
    async (subject) => {
      const red = (list: [number, number, number][]) => list.filter(([r, g, b]) => r > g * 1.6 && r > b * 1.5).length;
      const options = { time: 'day' };
      const [first, second] = [await draw(`red ${subject}`, { options }), await draw(`blue ${subject}`, { options })];
      expect(red(await pixels(first))).toBeGreaterThan(red(await pixels(second)) + 60);
    },
  );

  test('a green sky when asked', async () => {
    const green = async (bytes: Uint8Array) => {
      const { channels } = await sharp(bytes).extract({ left: 0, top: 0, width: 256, height: 70 }).stats();
      return channels[1]!.mean - channels[2]!.mean;
    };
    const options = { time: 'day' };
    expect(await green(await draw('green sky over the sea', { options }))).toBeGreaterThan(
      (await green(await draw('the sea', { options }))) + 30,
    );
  });

  test('every subject by day and by night', async () => {
    for (const [id, words] of Object.entries(subjectWords)) {
      const [word] = words.split(', ');
      for (const time of ['day', 'night']) {
        const [picture] = await run(`two ${word}s in blue`, { options: { time }, size: { width: 64, height: 64 } });
        expect(picture!.metadata, word).toMatchObject({ time, understood: { subjects: [{ id, colour: 'blue' }] } });
        expect((await sharp(picture!.bytes).stats()).entropy, `${word} by ${time}`).toBeGreaterThan(3);
      }
    }
  });

  test('every weather at every time of day, each differently', async () => {
    const seen = new Set<string>();
    for (const weather of Object.keys(weatherWords)) {
      for (const time of Object.keys(timeWords)) {
        const [picture] = await run(`hills, ${weather}`, {
          seed: 3,
          options: { time },
          size: { width: 128, height: 128 },
        });
        expect(picture!.metadata).toMatchObject({ time, weather });
        seen.add(Buffer.from(picture!.bytes).toString('base64'));
      }
    }
    expect(seen.size).toBe(30);
  });

  test('something pleasant for a prompt it cannot read, and says that it understood nothing', async () => {
    const [picture] = await run('xyzzy');
    expect(picture!.metadata).toMatchObject({ engine: 'procedural', understood: { subjects: [] } });
    expect((await sharp(picture!.bytes).stats()).entropy).toBeGreaterThan(3);
  });

  test.each([
    ['generate', 'a zeppelin over a lake', ['sketch drew no: zeppelin; it knows']],
    ['generate', '斑马和熊猫', ['sketch drew no: 斑马; it knows']],
    ['generate', 'a yak, an emu, an okapi, a gnu, an ibex and a tapir', ['no: yak, emu, okapi, gnu and 2 more; it']],
    ['inpaint', 'a zeppelin', ['sketch drew no: zeppelin']],
    ['generate', 'dwa koty i dom', ['sketch understood no word of it; it knows']],
    ['edit', 'dwa koty i dom', ['sketch understood no word of it; it knows']],
    ['outpaint', '', []],
    ['edit', 'warmer, sepia', []],
    ['edit', 'make the zeppelin red', []],
    ['edit', 'add a zeppelin at night', ['sketch drew no: zeppelin']],
    ['upscale', 'a zeppelin', []],
  ] as const)('%s %j: what is not drawn is told', (operation, prompt, told) => {
    const messages = warningsOf({ operation, prompt }).map(({ message }) => message);
    expect(messages).toEqual(told.map((part) => expect.stringContaining(part)));
    for (const message of messages) expect(message.length).toBeLessThan(300);
  });

  test('what it understood', async () => {
    const [picture] = await run('日落时的红色帆船');
    expect(picture!.metadata).toMatchObject({
      engine: 'procedural',
      understood: { subjects: [{ id: 'sailboat', colour: 'red' }], time: 'sunset' },
      time: 'sunset',
      weather: 'clear',
      ground: 'water',
    });
  });

  test('nothing of the negative prompt', async () => {
    const [picture] = await run('a cat and a house', { negativePrompt: 'house' });
    expect(picture!.metadata).toMatchObject({ understood: { subjects: [{ id: 'cat' }], without: ['house'] } });
  });

  test.each([
    ['the sea by day', 'clouds, sun'],
    ['a desert at dawn, no clouds, without sun', ''],
    ['沙漠，白天，不要太阳和云', ''],
    ['the sea at night', 'moon, stars, cloud'],
    ['a field at dusk, no clouds or sun or stars', ''],
  ])('%s, without %j: nothing in the sky', async (prompt, negativePrompt) => {
    for (const style of ['natural', 'poster']) {
      const change = { negativePrompt, style, options: { horizon: 0.6, grain: false } };
      const sky = sharp(await draw(prompt, change)).extract({ left: 64, top: 24, width: 128, height: 64 });
      const list = await pixels(await sky.png().toBuffer());
      // Every row is of one colour, but for the darker corners.
      const far = list.map((rgb, at) => {
        const middle = list[Math.floor(at / 128) * 128 + 64]!;
        return Math.max(...rgb.map((value, channel) => Math.abs(value - middle[channel]!)));
      });
      expect(Math.max(...far), style).toBeLessThan(26);
    }
  });

  test('a time that is not refused', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const [night] = await run('an owl, never night', { seed });
      expect(night!.metadata).not.toMatchObject({ time: 'night' });
      const [day] = await run('a boat, neither day nor dawn', { seed });
      expect(day!.metadata).toMatchObject({ time: 'sunset' });
    }
  });

  const isRed = ([r, g, b]: readonly number[]) => r! > g! * 1.6 && r! > b! * 1.5;
  const isBlue = ([r, g, b]: readonly number[]) => b! > r! * 1.8 && b! > g! * 1.3;

  test('two things of two colours', async () => {
    const both = await draw('a red car and a blue car', { options: { time: 'day', horizon: 0.3, grain: false } });
    const red = await draw('a red car', { options: { time: 'day', horizon: 0.3, grain: false } });
    const ground = async (bytes: Uint8Array) => (await pixels(bytes)).slice(256 * 70);
    expect((await ground(both)).filter(isRed).length).toBeGreaterThan(60);
    expect((await ground(both)).filter(isBlue).length).toBeGreaterThan((await ground(red)).filter(isBlue).length + 60);
  });

  test('as many people as asked for, with the hair asked for', async () => {
    const [picture] = await run('two women with red hair', { seed: 2, options: { time: 'day', grain: false } });
    expect(picture!.metadata).toMatchObject({ understood: { subjects: [{ id: 'woman', accent: 'red', count: 2 }] } });
    for (const left of [0, 128]) {
      const half = sharp(picture!.bytes).extract({ left, top: 0, width: 128, height: 150 });
      expect((await pixels(await half.png().toBuffer())).filter(isRed).length).toBeGreaterThan(300);
    }
  });

  test.each([
    ['a portrait of a woman', [{ id: 'woman' }]],
    ['two moons over three seas', [{ id: 'moon' }, { id: 'sea' }]],
    ['a blue sea, a green sea', [{ id: 'sea', colour: 'blue' }]],
    ['nine sheep', [{ id: 'sheep', count: 9 }]],
  ])('%s: it reports what is to be seen', async (prompt, subjects) => {
    const [picture] = await run(prompt);
    expect(picture!.metadata).toMatchObject({ understood: { subjects } });
    expect((picture!.metadata as { understood: { subjects: unknown } }).understood.subjects).toEqual(subjects);
  });
});

describe('provider options', () => {
  test('time holds whatever the prompt says', async () => {
    const [picture] = await run('a boat at night', { options: { time: 'day' } });
    expect(picture!.metadata).toMatchObject({ time: 'day' });
    const night = await draw('a boat at night');
    expect(await brightness(picture!.bytes)).toBeGreaterThan((await brightness(night)) * 1.5);
  });

  test('horizon sets how much of the picture is sky', async () => {
    // By day the desert is warm (red over blue) and the sky is cool: the share of warm pixels is the share of land.
    const land = async (horizon: number) => {
      const list = await pixels(await draw('desert', { options: { horizon, time: 'day' } }));
      return list.filter(([red, , blue]) => red > blue + 25).length / list.length;
    };
    expect(await land(0.25)).toBeGreaterThan(0.6);
    expect(await land(0.75)).toBeLessThan(0.35);
  });

  test('horizon may be anywhere whatever the water mirrors', async () => {
    const side = fc.integer({ min: 64, max: 300 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0.2, 0.5, 0.8), side, side, fc.nat(99), async (horizon, width, height, seed) => {
        const prompt = 'huge clouds and mountains over a lake, a city, stars';
        const change = { options: { horizon }, size: { width, height }, seed };
        expect((await sharp(await draw(prompt, change)).stats()).entropy).toBeGreaterThan(3);
      }),
      { numRuns: 12 },
    );
  });

  test('grain can be left out', async () => {
    const [grainy, plain] = [await draw('fog at sea'), await draw('fog at sea', { options: { grain: false } })];
    expect(plain.length).toBeLessThan(grainy.length);
  });
});

describe('sketch edits', () => {
  test('by recolouring, in the size of the input', async () => {
    const bytes = await draw('a boat by day');
    const image = { as: 'bytes', bytes, mediaType: 'image/png', ...small } as const;
    const [edited] = await run('at night', {
      operation: 'edit',
      images: [image],
      outputFormat: 'webp',
      size: undefined as never,
    });
    const { width, height, format } = await sharp(edited!.bytes).metadata();
    expect([width, height, format]).toEqual([256, 192, 'webp']);
    expect(await brightness(edited!.bytes)).toBeLessThan((await brightness(bytes)) * 0.7);
    expect(edited!.metadata).toMatchObject({ engine: 'procedural', looks: ['night'], added: { subjects: [] } });
  });
});

describe('styles', () => {
  const names = Object.keys(styles) as StyleId[];

  test('each gives another picture, the same one every time, in the size asked for', async () => {
    const seen = new Set<string>();
    for (const style of names) {
      const size = { width: 130, height: 97 };
      const [first, second] = [
        await draw('a boat at dusk', { style, size }),
        await draw('a boat at dusk', { style, size }),
      ];
      expect(Buffer.from(second).equals(first), style).toBe(true);
      const { width, height } = await sharp(first).metadata();
      expect([width, height], style).toEqual([130, 97]);
      seen.add(Buffer.from(first).toString('base64'));
    }
    expect(seen.size).toBe(names.length);
  });

  test('are the ones of the table, and named by the prompt too', async () => {
    expect(models['sketch-1'].style.values).toEqual(names);
    const [english] = await run('a pixel art castle');
    const [chinese] = await run('水彩画，灯塔');
    expect([english!.metadata, chinese!.metadata]).toMatchObject([{ style: 'pixel' }, { style: 'watercolor' }]);
  });

  test('pixel art has few colours, line art little colour, neon is dark, a poster has a mount', async () => {
    const options = { time: 'day' };
    const of = (style: StyleId) => draw('a castle', { style, options });
    expect(new Set((await pixels(await of('pixel'))).map(String)).size).toBeLessThanOrEqual(26);
    const light = (await pixels(await of('line'))).filter((rgb) => Math.min(...rgb) > 190);
    expect(light.length).toBeGreaterThan(small.width * small.height * 0.4);
    expect(await brightness(await of('neon'))).toBeLessThan((await brightness(await of('natural'))) * 0.5);
    expect((await pixels(await of('poster')))[0]).toEqual([0xf3, 0xe7, 0xcf]);
  });

  test('hold at the extremes of size', async () => {
    for (const style of names) {
      for (const size of [
        { width: 64, height: 64 },
        { width: 1500, height: 64 },
        { width: 64, height: 1500 },
      ]) {
        const { width, height } = await sharp(await draw('a city, sun', { style, size })).metadata();
        expect({ width, height }, style).toEqual(size);
      }
    }
  });
});

describe('what a prompt is about', () => {
  test.each([
    ['a planet in space', 'space'],
    ['太空中的火箭', 'space'],
    ['a camel', 'desert'],
    ['swans', 'water'],
    ['a portrait of a woman', 'abstract'],
    ['quixotic ponderings', 'abstract'],
  ])('%s: %s', async (prompt, ground) => {
    const [picture] = await run(prompt);
    expect(picture!.metadata).toMatchObject({ ground });
  });

  test('a mood changes the colours', async () => {
    const saturation = async (prompt: string) => {
      const list = await pixels(await draw(prompt, { options: { time: 'day' } }));
      return list.reduce((sum, rgb) => sum + Math.max(...rgb) - Math.min(...rgb), 0);
    };
    expect(await saturation('a melancholy castle')).toBeLessThan((await saturation('a cheerful castle')) * 0.6);
  });
});

describe('sketch repaints', () => {
  const picture = async () => {
    const bytes = await draw('the sea by day', { options: { grain: false } });
    return { as: 'bytes', bytes, mediaType: 'image/png', ...small } as const;
  };
  /** White in the box, black elsewhere. */
  const maskOf = async (left: number, top: number, width: number, height: number) => {
    const white = await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
      .png()
      .toBuffer();
    const sheet = sharp({ create: { ...small, channels: 3, background: '#000000' } });
    const bytes = await sheet
      .composite([{ input: white, left, top }])
      .png()
      .toBuffer();
    return { as: 'bytes', bytes, mediaType: 'image/png', ...small } as const;
  };

  test.each(['a red balloon', 'a sunset', 'remove it', '雪夜'])('only where the mask is white: %s', async (prompt) => {
    const image = await picture();
    const mask = await maskOf(60, 40, 100, 90);
    const [after] = await run(prompt, { operation: 'inpaint', images: [image], mask });
    const [before, now] = [await pixels(image.bytes), await pixels(after!.bytes)];
    const changed = now.flatMap((rgb, at) => (String(rgb) === String(before[at]) ? [] : [at]));
    const outside = changed.filter((at) => {
      const [x, y] = [at % small.width, Math.floor(at / small.width)];
      return x < 60 || x >= 160 || y < 40 || y >= 130;
    });
    expect(outside).toEqual([]);
    expect(changed.length).toBeGreaterThan(1000);
  });

  test.each(['a red balloon', 'remove it', 'the sea by day'])(
    'all of it is a new scene if the mask is white: %s',
    async (prompt) => {
      const mask = await maskOf(0, 0, small.width, small.height);
      const [after] = await run(prompt, { operation: 'inpaint', images: [await picture()], mask, seed: 7 });
      expect(await pixels(after!.bytes)).toEqual(await pixels(await draw(prompt, { options: { grain: false } })));
    },
  );

  test('what surrounds a hole goes on in it', async () => {
    const image = await picture();
    const red = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer();
    const bytes = await sharp(image.bytes)
      .composite([{ input: red, left: 100, top: 70 }])
      .png()
      .toBuffer();
    const mask = await maskOf(98, 68, 44, 44);
    const [after] = await run('remove the square', { operation: 'inpaint', images: [{ ...image, bytes }], mask });
    const far = (await pixels(after!.bytes)).map((rgb, at) =>
      Math.max(...rgb.map((value, channel) => Math.abs(value - reference[at]![channel]!))),
    );
    expect(Math.max(...far)).toBeLessThan(90);
  });
  let reference: [number, number, number][] = [];
  beforeAll(async () => {
    reference = await pixels((await picture()).bytes);
  });

  test('a mask of another size is refused', async () => {
    const mask = { ...(await maskOf(0, 0, 9, 9)), bytes: await draw('x', { size: { width: 64, height: 64 } }) };
    await expect(run('sea', { operation: 'inpaint', images: [await picture()], mask })).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'the mask is 64x64 px, its picture 256x192 px',
    });
  });

  test('beyond the edges, and keeps what was there', async () => {
    const image = await picture();
    const expand = { top: 0.25, right: 0.5, bottom: 0, left: 0.125 };
    const [after] = await run('', { operation: 'outpaint', images: [image], expand });
    const kept = sharp(after!.bytes).extract({ left: 32, top: 48, ...small });
    expect((await sharp(after!.bytes).metadata()).width).toBe(256 + 128 + 32);
    expect((await sharp(after!.bytes).metadata()).height).toBe(192 + 48);
    expect(await pixels(await kept.png().toBuffer())).toEqual(reference);
    const [more] = await run('a lighthouse', { operation: 'outpaint', images: [image], expand });
    expect(more!.metadata).toMatchObject({ added: { subjects: [{ id: 'lighthouse' }] } });
    expect(Buffer.from(more!.bytes).equals(after!.bytes)).toBe(false);
  });

  test.each([2, 3, 4])('%i times as large', async (factor) => {
    const image = await picture();
    const [large] = await run('', { operation: 'upscale', images: [image], factor });
    const { width, height } = await sharp(large!.bytes).metadata();
    expect([width, height]).toEqual([256 * factor, 192 * factor]);
    expect(await brightness(large!.bytes)).toBeCloseTo(await brightness(image.bytes), -1);
  });
});

describe('a call', () => {
  test('stops between pictures when its signal aborts', async () => {
    const controller = new AbortController();
    const seen: Progress[] = [];
    const report = (progress: Progress) => {
      seen.push(progress);
      if (seen.length === 2) controller.abort(new Error('enough'));
    };
    await expect(run('a boat', { n: 4 }, { signal: controller.signal, report })).rejects.toThrow('enough');
    expect(seen).toEqual([
      { phase: 'running', index: 0 },
      { phase: 'running', index: 0, fraction: 1 },
    ]);
  });

  test('does not begin when its signal is aborted already', async () => {
    const seen: Progress[] = [];
    const context = {
      signal: AbortSignal.abort(new Error('too late')),
      report: (progress: Progress) => void seen.push(progress),
    };
    await expect(run('a boat', {}, context)).rejects.toThrow('too late');
    expect(seen).toEqual([]);
  });

  test('costs nothing', async () => {
    const { cost } = await sketch().generate!(callOf('a boat'), {
      signal: new AbortController().signal,
      report: () => {},
    } as unknown as CallContext);
    expect(cost).toEqual({ amount: 0, currency: 'USD', estimated: false });
  });
});
