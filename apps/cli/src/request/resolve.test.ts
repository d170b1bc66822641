import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import type { Json } from '@anyimage/core';
import { loadSettings, type Settings } from '@anyimage/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MakeFlags } from './flags.ts';
import type { EarlierRequest } from './request-again.ts';
import { optionValue, resolveFlags } from './resolve.ts';

const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
const settings = await loadSettings({ env: { ANYIMAGE_HOME: home }, folder: home });
const withConfig = (config: Settings['config']): Settings => ({ ...settings, config });
const flare = 'openai/gpt-image-2.6-flare';
const resolve = (flags: MakeFlags, earlier?: EarlierRequest) => resolveFlags(flags, settings, earlier).words;

test.each([
  ['boat.png', 'jpg'],
  ['boat.JPG', 'webp'],
  ['boat.svg', 'png'],
])('a file %s beside the format %s is refused', (output, outputFormat) => {
  expect(() => resolve({ output, outputFormat })).toThrow(/and --output-format is/);
});

test.each([
  ['boat.jpg', 'JPG'],
  ['boats/', 'webp'],
  ['boat', 'webp'],
])('a file %s beside the format %s is not', (output, outputFormat) => {
  expect(resolve({ output, outputFormat })).toMatchObject({ outputFormat: expect.stringMatching(/jpeg|webp/) });
});

test('flags become a request; how it is shown and kept does not', () => {
  expect(
    resolve({
      n: 2,
      size: '64x64',
      image: ['a.png'],
      adapt: true,
      json: true,
      force: true,
      dryRun: true,
      timeout: 5,
    }),
  ).toEqual({
    model: 'sketch',
    n: 2,
    size: '64x64',
    images: ['a.png'],
    negotiation: 'adapt',
    timeout: 5,
  });
});

test('flags are read as they are meant, and what was read otherwise is told', () => {
  expect(resolve({ size: '512*512' as never, background: 'auto', style: 'none', enhance: 'off' })).toEqual({
    model: 'sketch',
    size: '512x512',
  });
  expect(resolve({ size: '16x9', image: ['"a b.png"'], outputFormat: 'JPG' })).toMatchObject({
    aspectRatio: '16:9',
    images: ['a b.png'],
    outputFormat: 'jpeg',
    applied: [{ option: 'size', asked: '16x9', sent: '16:9' }],
  });
  expect(() => resolve({ size: 'huge' as never })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

test('a flag that asks for nothing takes the word of an earlier day away', () => {
  expect(resolve({ quality: 'auto' }, { model: 'sketch', quality: 'hd', seed: 7 })).toEqual({
    model: 'sketch',
    seed: 7,
  });
});

test('several models are a list to try, and the flag beats the environment', () => {
  expect(resolve({ model: ['sketch', 'paint'] }).model).toEqual(['sketch', 'paint']);
  const chosen = { ...settings, model: 'paint' };
  expect(resolveFlags({}, chosen).words.model).toBe('paint');
  expect(resolveFlags({ model: ['sketch'] }, chosen).words.model).toBe('sketch');
});

test('the short words for how to choose, and for a ceiling, are the long ones', () => {
  const most = { amount: 0.1, currency: 'USD' };
  expect(resolve({ fast: true, maxPrice: most })).toMatchObject({
    model: 'auto',
    route: { prefer: 'speed', maxCost: most },
  });
  expect(resolve({ best: true })).toMatchObject({ model: 'auto', route: { prefer: 'quality' } });
});

test('an alias stands for its models', () => {
  const chosen = withConfig({ aliases: { best: ['cogview', 'sketch'] } });
  expect(resolveFlags({ model: ['best'] }, chosen).words.model).toEqual(['cogview', 'sketch']);
  expect(resolveFlags({ output: 'x.webp' }, { ...chosen, model: 'best' }).words.outputFormat).toBeUndefined();
});

test('a style given now replaces that of an earlier day', () => {
  const base = { model: 'sketch', style: 'neon', enhance: 'film-photo' };
  expect(resolve({}, base)).toEqual(base);
  const changed = resolve({ style: 'comic', enhance: true }, base);
  expect(changed).toEqual({ model: 'sketch', style: 'comic', enhance: true });
});

test('a file that can only be a drawing asks for one, where each of the models makes one', () => {
  expect(resolve({ model: [flare], output: 'logo.svg' }).providerOptions).toEqual({ svg: true });
  const option = { svgModel: 'm' };
  expect(resolve({ model: [flare], output: 'logo.SVG', option }).providerOptions).toEqual({ svg: true, svgModel: 'm' });
  expect(() => resolve({ model: [flare, 'cogview'], output: 'logo.svg' })).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: 'cogview makes no drawings when asked to generate, and pixels cannot become logo.svg',
      hint: expect.stringContaining(flare),
    }),
  );
});

test('a drawing that is switched off cannot go to such a file', () => {
  for (const svg of ['false', ' false ']) {
    expect(() => resolve({ model: [flare], output: 'logo.svg', option: { svg } })).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        message: '--option svg=false makes pixels, which cannot become logo.svg',
        hint: expect.stringContaining('Leave --option svg out'),
      }),
    );
  }
  expect(resolve({ model: [flare], output: 'logo.png', option: { svg: 'false' } }).providerOptions).toEqual({
    svg: false,
  });
});

test('which models make drawings depends on what they are asked to do', () => {
  const masked = { model: [flare], image: ['a.png'], mask: 'a.png', output: 'd.svg' };
  const refusal = {
    code: 'unsupported',
    message: `${flare} makes no drawings when asked to inpaint, and pixels cannot become d.svg`,
    details: { option: 'output', asked: 'd.svg', allowed: [] },
    hint: 'End the name in .png: no model makes drawings when asked to inpaint.',
  };
  expect(() => resolve(masked)).toThrow(expect.objectContaining(refusal));
  const earlier = { model: flare, images: ['a.png'], mask: 'a.png' };
  expect(() => resolve({ output: 'd.svg' }, earlier)).toThrow(expect.objectContaining(refusal));
  expect(resolve({ model: [flare], image: ['a.png'], output: 'd.svg' }).providerOptions).toEqual({ svg: true });
});

describe('the drawing of an earlier day', () => {
  const drawing = { model: flare, format: 'svg', providerOptions: { svg: true, complexity: 'low' } } as const;
  const again = (flags: MakeFlags, earlier: EarlierRequest = drawing) => resolveFlags(flags, settings, earlier);

  test.each<MakeFlags>([{}, { output: 'e.svg' }, { output: 'pictures/' }])('is drawn again with %j', (flags) => {
    expect(again(flags)).toMatchObject({ words: { providerOptions: { svg: true, complexity: 'low' } }, notes: [] });
  });

  test('is pixels in another file, and that is said', () => {
    expect(again({ output: 'e.png' })).toMatchObject({
      words: { providerOptions: { complexity: 'low' } },
      notes: ['--option svg is not kept: e.png is no svg'],
    });
    const { providerOptions } = again({ output: 'e.png' }).words;
    expect(providerOptions).not.toHaveProperty('svg');
  });

  test('is pixels of a model that makes no drawings, and that is said', () => {
    const providerOptions = { svg: true };
    const { words, notes } = again({ model: ['sketch'], output: 'e.png' }, { ...drawing, providerOptions });
    expect(words).not.toHaveProperty('providerOptions');
    expect(notes).toEqual(['--option svg is not kept: sketch makes no svg']);
  });

  test('is drawn if an option says so now', () => {
    const flags = { output: 'e.png', option: { svg: 'true' } };
    expect(again(flags)).toMatchObject({ words: { providerOptions: { svg: true } }, notes: [] });
  });

  test('is drawn in pixels again if it was before', () => {
    const resolved = again({ output: 'e.webp' }, { ...drawing, format: 'png' });
    expect(resolved).toMatchObject({ words: { providerOptions: { svg: true } }, notes: [] });
  });
});

test('whatever the options of an earlier day are called, they are kept', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (given) => {
      const providerOptions = given as { [name: string]: Json };
      const request = resolve({ output: 'e.png' }, { model: flare, providerOptions });
      expect(request.providerOptions ?? {}).toEqual(providerOptions);
      expect(Object.keys(request.providerOptions ?? {})).toEqual(Object.keys(providerOptions));
    }),
    { examples: [[{ ['__proto__']: 1 }], [{ constructor: 1, toString: 2 }]] },
  );
});

test('a request of an earlier day is asked again, with what the flags change', () => {
  const base = { model: 'sketch/sketch-1', size: '64x64', seed: 7, providerOptions: { time: 'night' } } as const;
  expect(resolve({ seed: 8 }, base)).toEqual({ ...base, seed: 8 });
  expect(resolve({ aspectRatio: '16:9' }, base)).not.toHaveProperty('size');
});

test('the ending of the output asks for a format where the model has the choice', () => {
  expect(resolve({ output: 'boat.webp' }).outputFormat).toBe('webp');
  expect(resolve({ output: 'boat.jpg', image: ['a.png'] }).outputFormat).toBe('jpeg');
});

test('it asks for nothing that the model makes anyway, cannot make, or that is unknown', () => {
  expect(resolve({ output: 'boat.png' })).not.toHaveProperty('outputFormat');
  expect(resolve({ output: 'boat.gif' })).not.toHaveProperty('outputFormat');
  expect(resolve({ output: 'boat.webp', model: ['cogview'] })).not.toHaveProperty('outputFormat');
  expect(resolve({ output: 'boat.webp', model: ['sketch', 'cogview'] })).not.toHaveProperty('outputFormat');
  expect(resolve({ output: 'boat.webp', model: ['nobody'] })).not.toHaveProperty('outputFormat');
});

test('options take the type that the table asks for', () => {
  expect(resolve({ model: ['cogview'], option: { watermark: 'false' } }).providerOptions).toEqual({
    watermark: false,
  });
  expect(optionValue('12', { type: 'string' })).toBe('12');
  expect(optionValue('12', { type: 'integer' })).toBe(12);
  expect(optionValue('many', { type: 'integer' })).toBe('many');
  expect(optionValue('{"a": [1]}', { type: 'json' })).toEqual({ a: [1] });
  expect(optionValue('12', { type: 'image' })).toBe(resolvePath('12'));
  expect(optionValue('data:image/png;base64,AA', { type: 'image' })).toBe('data:image/png;base64,AA');
  expect(optionValue('true', undefined)).toBe(true);
  expect(optionValue('dusk', undefined)).toBe('dusk');
});
