import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pictures } from '../../test/pictures.ts';
import type { ModelCapabilities, ModelTable, Ratio, Size } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { InputImage } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { parseOptions } from '../inputs/parse-options.ts';
import { negotiateAgain } from './again.ts';
import { costOf } from './estimate.ts';
import { type Negotiated, negotiate } from './negotiate.ts';
import { formatSize, judgeSize } from './shape/size.ts';

const facts = {
  label: 'A model',
  source: 'https://example.invalid/docs',
  checked: '2026-11-20',
  delivery: { as: 'url', livesSeconds: 3600 },
} as const;
const cogviewPresets = ['1024x1024', '768x1344', '864x1152', '1344x768', '1152x864', '1440x720', '720x1440'] as const;

const rows = {
  'glm-image': {
    ...facts,
    prompt: { max: 1000, languages: ['zh', 'en'] },
    quality: { values: ['hd'], default: 'hd' },
    size: {
      presets: ['1280x1280', '1568x1056', '1056x1568', '1472x1088', '1088x1472', '1728x960', '960x1728'],
      rules: [
        { side: [1024, 2048], pixels: [1, 4_194_304], multiple: 32 },
        { side: [512, 2048], pixels: [1, 4_194_304], multiple: 32, unsure: true },
      ],
      renamed: { '1472x1140': '1472x1088' },
      default: '1280x1280',
    },
    user: [6, 128],
    options: { watermark_enabled: { type: 'boolean' } },
    modes: ['job', 'call'],
    regions: { cn: {}, intl: { id: 'glm-image-global' } },
    prices: [
      { amount: 0.1, currency: 'CNY', per: 'image', when: { region: 'cn' } },
      { amount: 0.015, currency: 'USD', per: 'image', when: { region: 'intl' } },
    ],
    operations: { generate: {} },
  },
  'cogview-4': {
    ...facts,
    quality: { values: ['standard', 'hd'], default: 'standard' },
    size: {
      presets: cogviewPresets,
      rules: [{ side: [512, 2048], pixels: [1, 2_097_152], multiple: 16, round: 32 }],
      default: '1024x1024',
    },
    user: [6, 128],
    regions: { cn: {} },
    prices: [{ amount: 0.06, currency: 'CNY', per: 'image' }],
    operations: { generate: {} },
  },
  gpt: {
    ...facts,
    prompt: { max: 32_000 },
    perCall: 10,
    size: {
      rules: [{ side: [16, 3840], pixels: [655_360, 8_294_400], aspect: 3, multiple: 16 }],
      default: 'auto',
    },
    quality: { values: ['low', 'medium', 'high', 'auto'], default: 'auto' },
    background: { values: ['opaque', 'transparent', 'auto'], default: 'auto' },
    outputFormat: { values: ['png', 'jpeg', 'webp'], default: 'png' },
    outputCompression: ['jpeg', 'webp'],
    partials: 3,
    user: [1, 64],
    options: { moderation: { type: 'string', values: ['auto', 'low'], default: 'auto', send: 'always' } },
    prices: [
      { amount: 0.01, currency: 'USD', per: 'megapixel', when: { quality: 'low' } },
      { amount: 0.04, currency: 'USD', per: 'megapixel', when: { quality: 'medium' } },
      { amount: 0.16, currency: 'USD', per: 'megapixel', when: { quality: 'high' } },
    ],
    operations: {
      generate: { images: false, mask: false },
      edit: {
        images: { count: [1, 16], types: ['image/png', 'image/jpeg'], as: ['bytes'], maxBytes: 1000 },
        options: { input_fidelity: { type: 'string', values: ['low', 'high'] } },
      },
      inpaint: {
        images: { count: [1, 16], types: ['image/png', 'image/jpeg'], as: ['bytes'] },
        mask: { repaint: 'transparent', maxBytes: 100 },
      },
    },
  },
  gemini: {
    ...facts,
    size: {
      ratios: ['1:1', '3:2', '16:9'],
      tiers: ['1K', '2K', '4K'],
      pixels: {
        '1K': { '1:1': '1024x1024', '3:2': '1264x848', '16:9': '1376x768' },
        '2K': { '1:1': '2048x2048', '3:2': '2528x1696', '16:9': '2752x1536' },
        '4K': { '1:1': '4096x4096', '3:2': '5056x3392', '16:9': '5504x3072' },
      },
      default: { ratio: '1:1', tier: '1K' },
    },
    prices: [
      { amount: 0.24, currency: 'USD', per: 'image', when: { tier: '4K' } },
      { amount: 0.134, currency: 'USD', per: 'image' },
    ],
    preview: true,
    operations: { generate: {}, edit: { images: { count: [1, 14], types: ['image/png'], as: ['url', 'bytes'] } } },
  },
  edit: {
    ...facts,
    prompt: { max: 224, unit: 'tokens' },
    negativePrompt: { max: 10 },
    seed: { max: 9, within: 'step' },
    perCall: 4,
    style: { values: ['ink', 'oil'] },
    size: { presets: ['512x512', '768x512'], default: 'first-image', send: 'always' },
    deprecated: '2026-01-01',
    retires: '2027-01-01',
    retiresUnsure: true,
    successor: 'gpt',
    operations: {
      edit: {
        images: {
          count: [1, 2],
          types: ['image/png', 'image/webp'],
          as: ['bytes'],
          side: [64, 1024],
          pixels: [4096, 500_000],
          aspect: 4,
          alpha: false,
        },
        strength: true,
        options: { steps: { type: 'integer', min: 1, max: 50, default: 30 } },
      },
      upscale: {
        prompt: { optional: true },
        images: { count: [1, 1], types: ['image/png'], as: ['url'] },
        factor: [2, 4],
        seed: { max: 9, within: 'same' },
        options: { face: { type: 'boolean' } },
      },
      outpaint: {
        images: { count: [1, 1], types: ['image/png'], as: ['url', 'bytes'] },
        expand: { unit: 'px', max: 512 },
      },
    },
  },
  sharpener: {
    ...facts,
    operations: {
      upscale: {
        prompt: { optional: true },
        images: { count: [1, 1], types: ['image/png'], as: ['bytes'] },
        factor: [1, 2, 3, 4],
      },
    },
  },
  comic: {
    ...facts,
    perCall: 4,
    seed: { max: 15, within: 'step' },
    options: { sequential: { type: 'boolean', default: false, series: 6 } },
    prices: [{ amount: 0.2, currency: 'CNY', per: 'call' }],
    operations: {
      generate: {},
      edit: {
        images: { count: [1, 2], types: ['image/png'], as: ['bytes'] },
        seed: { max: 15, within: 'same' },
        options: { sequential: { type: 'boolean', default: true, series: 5 } },
      },
    },
  },
  strip: {
    ...facts,
    perCall: 4,
    quality: { values: ['standard'], default: 'standard' },
    seed: { max: 15, within: 'same' },
    prices: [
      { amount: 0.2, currency: 'CNY', per: 'call', when: { quality: 'standard' } },
      { amount: 0.1, currency: 'CNY', per: 'image' },
    ],
    operations: { edit: { images: { count: [1, 2], types: ['image/png'], as: ['bytes'] } } },
  },
  unpriced: {
    ...facts,
    quality: { values: ['low', 'medium', 'high', 'auto'], default: 'auto' },
    operations: { generate: {} },
  },
  bare: { ...facts, operations: { generate: {} } },
  server: { ...facts, open: true, style: false, operations: { generate: {}, edit: {} } },
} as const satisfies ModelTable;

type Id = keyof typeof rows;

function ask(id: Id, words: Partial<ParsedRequest> = {}, how: { adapt?: boolean; region?: string } = {}): Negotiated {
  const request = { prompt: 'a paper boat', n: 1, images: [], ...words };
  const target = { provider: 'test', model: id, row: rows[id] as ModelCapabilities, region: how.region ?? 'cn' };
  return negotiate(request, target, { adapt: how.adapt ?? false, today: '2026-11-20' });
}

function adapt(id: Id, words: Partial<ParsedRequest> = {}): Negotiated {
  return ask(id, words, { adapt: true });
}

function refusal(work: () => unknown): ImageError {
  try {
    work();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function picture(facts: Partial<Extract<InputImage, { as: 'bytes' }>> = {}): InputImage {
  return { as: 'bytes', bytes: new Uint8Array(40), mediaType: 'image/png', width: 512, height: 512, ...facts };
}
const url: InputImage = { as: 'url', url: 'https://example.invalid/a.png' };

/** A PNG with one transparent colour, which its header does not announce. */
function withTransparentColour(png: Uint8Array): Uint8Array {
  const at = Buffer.from(png).indexOf('IDAT') - 4;
  const chunk = Buffer.from('\0\0\0\x06tRNS\0\0\0\0\0\0\0\0\0\0', 'latin1');
  return Buffer.concat([png.subarray(0, at), chunk, png.subarray(at)]);
}

describe('a request the model takes', () => {
  test('becomes one call with nothing changed', () => {
    const words = { size: '1152x864', quality: 'hd', user: 'user-000123' } as const;
    const { calls, applied, warnings, operation, estimate } = ask('cogview-4', words);
    const { limits, ...call } = calls[0]!;
    expect(call).toEqual({
      model: 'cogview-4',
      operation: 'generate',
      prompt: 'a paper boat',
      n: 1,
      size: { width: 1152, height: 864 },
      quality: 'hd',
      user: 'user-000123',
      images: [],
      partials: 0,
      options: {},
    });
    expect(limits.user).toEqual([6, 128]);
    expect({ applied, warnings, operation }).toEqual({ applied: [], warnings: [], operation: 'generate' });
    expect(estimate).toEqual({ amount: 0.06, currency: 'CNY', estimated: true });
  });

  test('holds the options of the operation, defaults filled in where the table says so', () => {
    const images = [picture()];
    expect(ask('gpt').calls[0]!.options).toEqual({ moderation: 'auto' });
    const { operation, calls } = ask('gpt', { images, providerOptions: { input_fidelity: 'high', moderation: 'low' } });
    expect(operation).toBe('edit');
    expect(calls[0]!.options).toEqual({ moderation: 'low', input_fidelity: 'high' });
    expect(refusal(() => ask('gpt', { providerOptions: { input_fidelity: 'high' } })).code).toBe('unsupported');
  });
});

describe('the operation', () => {
  const images = [picture()];
  test.each<[string, Id, Partial<ParsedRequest>]>([
    ['generate', 'gpt', {}],
    ['edit', 'gpt', { images }],
    ['inpaint', 'gpt', { images, mask: picture() }],
    ['upscale', 'edit', { images: [url], factor: 2 }],
    ['outpaint', 'edit', { images, expand: { left: 10 } }],
    ['edit', 'edit', { images, operation: 'edit' }],
    ['edit', 'edit', { images, operation: 'EDIT' }],
  ])('is %s', (operation, id, words) => {
    expect(ask(id, words).operation).toBe(operation);
  });

  test('is refused if the model does not do it, naming those it does', () => {
    const error = refusal(() => adapt('cogview-4', { images }));
    expect(error).toMatchObject({ code: 'unsupported', message: 'test/cogview-4 cannot edit; it can generate' });
    expect(error.details).toEqual({ option: 'operation', asked: 'edit', allowed: ['generate'], nearest: [] });
    expect(error.hint).toBe('Choose another model, or leave out images.');
    expect(refusal(() => ask('edit', { operation: 'upscal' })).details).toMatchObject({ nearest: ['upscale'] });
    expect(refusal(() => ask('edit')).hint).toBe('Use one of: edit, upscale, outpaint.');
  });
});

describe('the region', () => {
  test('decides the id that is sent, and says so', () => {
    const { calls, applied } = ask('glm-image', {}, { region: 'intl' });
    expect(calls[0]!.model).toBe('glm-image-global');
    expect(applied).toMatchObject([{ option: 'model', asked: 'test/glm-image', sent: 'test/glm-image-global' }]);
    expect(ask('glm-image', {}, { region: 'cn' }).applied).toEqual([]);
  });

  test('is refused where the model is not offered, naming where it is', () => {
    const error = refusal(() => ask('cogview-4', {}, { region: 'intl', adapt: true }));
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('it is in cn') });
    expect(error.details).toMatchObject({ option: 'region', asked: 'intl', allowed: ['cn'] });
  });
});

describe('the prompt', () => {
  test('may not be empty unless the operation needs none', () => {
    expect(refusal(() => adapt('bare', { prompt: '' }))).toMatchObject({
      code: 'invalid-request',
      message: 'the prompt is empty',
    });
    expect(ask('edit', { prompt: '', images: [url], factor: 2 }).calls[0]!.prompt).toBe('');
  });

  test('is measured in code points', () => {
    expect(ask('glm-image', { prompt: '🌊'.repeat(1000) }).calls).toHaveLength(1);
    const error = refusal(() => adapt('glm-image', { prompt: '海'.repeat(1003) }));
    expect(error.message).toBe('prompt has 1003 characters; test/glm-image takes at most 1000');
    expect(error.hint).toBe('Shorten the prompt by 3 characters.');
  });

  test('is only warned about where the limit is in tokens', () => {
    const warnings = (prompt: string) => ask('edit', { prompt, images: [picture()] }).warnings.map(({ code }) => code);
    expect(warnings('a boat '.repeat(60))).not.toContain('unchecked');
    expect(warnings('a boat '.repeat(200))).toContain('unchecked');
    expect(warnings('船'.repeat(300))).toContain('unchecked');
  });

  test('a negative prompt too long, or unknown to the model, is refused in both modes', () => {
    const images = [picture()];
    expect(ask('edit', { images, negativePrompt: 'fog' }).calls[0]!.negativePrompt).toBe('fog');
    expect(refusal(() => adapt('edit', { images, negativePrompt: 'fog and rain' })).message).toMatch(/12 characters/);
    expect(refusal(() => adapt('gpt', { negativePrompt: 'fog' })).message).toBe(
      'test/gpt has no negativePrompt for generate',
    );
  });
});

describe('size', () => {
  test('that is illegal is refused with what is allowed and what is nearest', () => {
    const error = refusal(() => ask('cogview-4', { size: '1000x1000' }));
    expect(error.code).toBe('unsupported');
    expect(error.message).toBe(
      'test/cogview-4 does not take size 1000x1000 (1000 is not a multiple of 16); it takes each side 512–2048 px, ' +
        `a multiple of 16, at most 2,097,152 px in all; or ${cogviewPresets.join(', ')}; nearest: 992x992, 1024x1024, 1152x864`,
    );
    expect(error.hint).toBe('Use size: "992x992", or ask with negotiation: "adapt".');
    expect(error.details).toMatchObject({
      option: 'size',
      asked: '1000x1000',
      nearest: ['992x992', '1024x1024', '1152x864'],
    });
  });

  test('moves to the nearest when it may', () => {
    const { calls, applied } = adapt('cogview-4', { size: '1000x1000' });
    expect(calls[0]!.size).toEqual({ width: 992, height: 992 });
    expect(applied).toEqual([
      {
        option: 'size',
        asked: '1000x1000',
        sent: '992x992',
        because: '1000 is not a multiple of 16; the nearest size that test/cogview-4 makes',
      },
    ]);
  });

  test('a misprint of the documentation is corrected and reported', () => {
    const { calls, applied } = ask('glm-image', { size: '1472x1140' });
    expect(calls[0]!.size).toEqual({ width: 1472, height: 1088 });
    expect(applied).toMatchObject([{ option: 'size', asked: '1472x1140', sent: '1472x1088' }]);
  });

  test('that sources disagree on is sent with a warning', () => {
    const { calls, warnings } = ask('glm-image', { size: '512x512' });
    expect(calls[0]!.size).toEqual({ width: 512, height: 512 });
    expect(warnings).toMatchObject([{ code: 'unsure' }]);
  });

  test('of a model of ratios becomes the words that make it', () => {
    const { calls, applied } = ask('gemini', { size: '2752x1536' });
    expect(calls[0]).toMatchObject({ aspectRatio: '16:9', resolution: '2K' });
    expect(calls[0]).not.toHaveProperty('size');
    expect(applied).toMatchObject([
      { option: 'size', asked: '2752x1536', sent: { aspectRatio: '16:9', resolution: '2K' } },
    ]);
    const error = refusal(() => ask('gemini', { size: '1300x800' }));
    expect(error.details).toMatchObject({ nearest: ['1264x848', '1376x768', '1024x1024'] });
    expect(adapt('gemini', { size: '1300x800' }).calls[0]).toMatchObject({ aspectRatio: '3:2', resolution: '1K' });
  });

  test('never moves to a dearer one: by the megapixel, only downwards', () => {
    const { calls, applied } = adapt('gpt', { size: '1000x1000', quality: 'low' });
    expect(calls[0]!.size!.width * calls[0]!.size!.height).toBeLessThanOrEqual(1_000_000);
    expect(applied[0]!.because).toMatch(/at no higher price$/);
    const error = refusal(() => adapt('gpt', { size: '640x640', quality: 'low' }));
    expect(error.message).toMatch(/every size near it costs more, or its price is unknown$/);
    expect(error.hint).not.toMatch(/adapt/);
    // What the quality `auto` costs is unknown, so nothing is known to cost no more.
    expect(refusal(() => adapt('gpt', { size: '640x640' })).message).toMatch(/its price is unknown$/);
  });

  test('of a model that has none is refused, or left out', () => {
    expect(refusal(() => ask('bare', { size: '512x512' }))).toMatchObject({
      message: 'test/bare has no size',
      hint: 'Leave size out, or ask with negotiation: "adapt".',
    });
    const { calls, applied } = adapt('bare', { size: '512x512' });
    expect(calls[0]).not.toHaveProperty('size');
    expect(applied).toMatchObject([{ option: 'size', asked: '512x512', sent: null }]);
  });

  test('is the picture’s own where the table wants it sent, or the nearest to it', () => {
    expect(ask('edit', { images: [picture()] })).toMatchObject({ calls: [{ size: { width: 512 } }], applied: [] });
    const odd = ask('edit', { images: [picture({ width: 700, height: 500 })] });
    expect(odd.calls[0]!.size).toEqual({ width: 768, height: 512 });
    expect(odd.applied).toMatchObject([{ option: 'size', asked: null, sent: '768x512' }]);
  });
});

describe('aspect ratio and resolution', () => {
  test.each<[Id, Ratio, string | undefined, Size]>([
    ['cogview-4', '16:9', undefined, '1536x864'],
    ['cogview-4', '3:2', undefined, '1248x832'],
    ['cogview-4', '4:3', '1K', '1152x864'],
    ['glm-image', '1:1', '2K', '2048x2048'],
    ['gpt', '16:9', '2K', '2816x1584'],
  ])('%s makes a size of %s at %s', (id, aspectRatio, resolution, size) => {
    const { calls, applied } = ask(id, { aspectRatio, ...(resolution && { resolution }) });
    expect(formatSize(calls[0]!.size!)).toBe(size);
    expect(calls[0]).not.toHaveProperty('aspectRatio');
    expect(applied.map(({ option, asked, sent }) => [option, asked, sent])).toEqual(
      Object.entries({ aspectRatio, resolution })
        .filter((word) => word[1])
        .map(([option, asked]) => [option, asked, size]),
    );
  });

  test.each<[Id, Ratio, string, Size]>([
    ['gpt', '16:9', '4K', '3840x2160'],
    ['gpt', '9:16', '4k', '2160x3840'],
    ['glm-image', '16:9', '2K', '2048x1152'],
    ['cogview-4', '1:1', '1K', '1024x1024'],
  ])('%s: a resolution is also what a long side is called by: %s at %s', (id, aspectRatio, resolution, size) => {
    const { calls, applied } = ask(id, { aspectRatio, resolution });
    expect(formatSize(calls[0]!.size!)).toBe(size);
    expect(applied.map(({ because }) => because).join()).not.toMatch(/nearest|no such size/);
  });

  test.each<[Size, Ratio, string]>([
    ['3840x2160', '16:9', '4K'],
    ['4096x2304', '16:9', '4K'],
    ['4096x2160', '16:9', '4K'],
    ['4000x4000', '1:1', '4K'],
    ['1920x1080', '16:9', '2K'],
    ['2048x1365', '3:2', '2K'],
    ['1000x1000', '1:1', '1K'],
    ['1080x720', '3:2', '1K'],
    ['700x700', '1:1', '1K'],
  ])('a size is made by the words that it is called by, else by the nearest: %s by %s at %s', (size, ratio, tier) => {
    const sent = { aspectRatio: ratio, resolution: tier };
    const { calls, applied, estimate } = adapt('gemini', { size });
    expect(calls[0]).toMatchObject(sent);
    expect(applied).toMatchObject([{ option: 'size', asked: size, sent }]);
    expect(estimate).toEqual(ask('gemini', { aspectRatio: ratio, resolution: tier }).estimate);
  });

  test('are passed on as such where the model takes them', () => {
    const native = ask('gemini', { aspectRatio: '16:9', resolution: '4K' });
    expect(native).toMatchObject({ calls: [{ aspectRatio: '16:9', resolution: '4K' }], applied: [] });
    expect(native.estimate?.amount).toBe(0.24);
  });

  test('are spelled as the service spells them', () => {
    const { calls, applied } = ask('gemini', { aspectRatio: '32:18', resolution: '2k' });
    expect(calls[0]).toMatchObject({ aspectRatio: '16:9', resolution: '2K' });
    expect(applied.map(({ option, sent }) => [option, sent])).toEqual([
      ['aspectRatio', '16:9'],
      ['resolution', '2K'],
    ]);
  });

  test('that the model lacks are refused with the nearest, or moved there', () => {
    expect(refusal(() => ask('gemini', { aspectRatio: '7:4' })).details).toMatchObject({
      option: 'aspectRatio',
      nearest: ['16:9', '3:2', '1:1'],
    });
    for (const [asked, sent] of [
      ['2000', '2K'],
      ['512', '1K'],
      ['1.9K', '2K'],
    ]) {
      expect(adapt('gemini', { resolution: asked! }).calls[0]).toMatchObject({ resolution: sent });
    }
    expect(refusal(() => ask('gemini', { resolution: '8K' })).hint).toMatch(/^Use resolution: "4K"/);
    expect(adapt('gemini', { aspectRatio: '7:4', resolution: '2K' }).calls[0]).toMatchObject({
      aspectRatio: '16:9',
      resolution: '2K',
    });
  });

  test('that no size comes near are refused, or the nearest is made', () => {
    const error = refusal(() => ask('cogview-4', { aspectRatio: '16:9', resolution: '4K' }));
    expect(error.details).toMatchObject({ option: 'resolution', asked: '4K' });
    const { calls, applied } = adapt('cogview-4', { aspectRatio: '16:9', resolution: '4K' });
    const { width, height } = calls[0]!.size!;
    expect(Math.abs(width / height / (16 / 9) - 1)).toBeLessThan(0.02);
    expect(applied.map(({ option }) => option)).toEqual(['resolution', 'aspectRatio']);
  });

  test('with a side of zero are wrong for any model', () => {
    expect(refusal(() => adapt('gpt', { aspectRatio: '0:1' })).code).toBe('invalid-request');
  });
});

describe('quality, style, background and format', () => {
  test.each<[Id, string, string]>([
    ['glm-image', 'standard', 'hd'],
    ['cogview-4', 'high', 'hd'],
    ['cogview-4', 'ultra', 'hd'],
    ['cogview-4', 'medium', 'standard'],
    ['cogview-4', 'low', 'standard'],
    ['cogview-4', 'sparkling', 'standard'],
    ['unpriced', 'standard', 'medium'],
    ['unpriced', 'hd', 'high'],
    ['unpriced', 'draft', 'low'],
    ['unpriced', 'sparkling', 'auto'],
    // What the usual quality `auto` costs is unknown: it may be sent, and nothing is known to cost no more.
    ['gpt', 'hd', 'auto'],
  ])('%s: quality %s moves to %s', (id, asked, sent) => {
    expect(refusal(() => ask(id, { quality: asked })).details).toMatchObject({ option: 'quality', asked });
    const { calls, applied } = adapt(id, { quality: asked });
    expect(calls[0]!.quality).toBe(sent);
    expect(applied).toMatchObject([{ option: 'quality', asked, sent }]);
  });

  test('another spelling is the same in both modes', () => {
    expect(ask('cogview-4', { quality: 'HD' })).toMatchObject({
      calls: [{ quality: 'hd' }],
      applied: [{ option: 'quality', asked: 'HD', sent: 'hd' }],
    });
    expect(ask('gpt', { outputFormat: 'jpg' }).calls[0]!.outputFormat).toBe('jpeg');
  });

  test('a misspelt quality is answered with the nearest names', () => {
    expect(refusal(() => ask('gpt', { quality: 'hihg' })).details).toMatchObject({ nearest: ['high'] });
  });

  test('quality never moves to a dearer one', () => {
    const row = {
      ...rows.gpt,
      prices: [
        { amount: 0.01, currency: 'USD', per: 'image', when: { quality: 'standard' } },
        { amount: 0.02, currency: 'USD', per: 'image', when: { quality: 'medium' } },
        { amount: 0.01, currency: 'USD', per: 'image', when: { quality: 'low' } },
      ],
    } as const satisfies ModelCapabilities;
    const target = { provider: 'test', model: 'gpt', row, region: 'main' };
    const request = { prompt: 'a boat', n: 1, images: [], quality: 'standard' };
    const { calls } = negotiate(request, target, { adapt: true, today: '2026-11-20' });
    expect(calls[0]!.quality).toBe('low');
  });

  test('what keeps each picture in a call of its own counts for a price by the call', () => {
    const images = [picture()];
    const asked = { images, n: 4, quality: 'hd' };
    expect(adapt('strip', asked)).toMatchObject({ calls: [{ quality: 'standard', n: 4 }], estimate: { amount: 0.2 } });
    expect(refusal(() => adapt('strip', { ...asked, seed: 3 })).message).toBe(
      'test/strip does not take quality "hd"; it takes standard; nearest: standard; ' +
        'what is near costs more, or its price is unknown',
    );
    const beyond = adapt('strip', { ...asked, seed: 16 });
    expect(beyond).toMatchObject({ calls: [{ quality: 'standard', n: 4 }], estimate: { amount: 0.2 } });
  });

  test('a resolution in other letters has the same price', () => {
    const row = {
      ...rows.gemini,
      quality: { values: ['standard'], default: 'standard' },
      prices: [
        { amount: 0.1, currency: 'USD', per: 'image', when: { tier: '1K' } },
        { amount: 0.4, currency: 'USD', per: 'image', when: { tier: '4K' } },
      ],
    } as const satisfies ModelCapabilities;
    const target = { provider: 'test', model: 'gemini', row, region: 'main' };
    for (const resolution of ['4K', '4k']) {
      const request = { prompt: 'a boat', n: 1, images: [], aspectRatio: '7:4', resolution, quality: 'hd' } as const;
      const { calls, estimate } = negotiate(request, target, { adapt: true, today: '2026-11-20' });
      expect(calls[0]).toMatchObject({ aspectRatio: '16:9', resolution: '4K', quality: 'standard' });
      expect(estimate?.amount).toBe(0.4);
    }
  });

  describe('where the price of what was asked is unknown', () => {
    const listed = {
      ...rows.gpt,
      quality: { values: ['low', 'medium', 'high'], default: 'medium' },
      size: { presets: ['1024x1024', '1536x1024', '640x640'], default: '1024x1024' },
      prices: [
        { amount: 0.01, currency: 'USD', per: 'image', when: { quality: 'low', size: '1024x1024' } },
        { amount: 0.04, currency: 'USD', per: 'image', when: { quality: 'medium', size: '1024x1024' } },
        { amount: 0.06, currency: 'USD', per: 'image', when: { quality: 'medium', size: '1536x1024' } },
        { amount: 0.16, currency: 'USD', per: 'image', when: { quality: 'high', size: '1024x1024' } },
      ],
    } as const satisfies ModelCapabilities;
    const to = (words: Partial<ParsedRequest>, row: ModelCapabilities = listed) => {
      const target = { provider: 'test', model: 'gpt', row, region: 'main' };
      const request = { prompt: 'a boat', n: 1, images: [], ...words };
      return negotiate(request, target, { adapt: true, today: '2026-11-20' });
    };
    const { prices: _, ...priceless } = listed;

    test('nothing moves above the price of the defaults', () => {
      expect(to({ size: '1500x1000' }).calls[0]!.size).toEqual({ width: 1024, height: 1024 });
      expect(to({ quality: 'ultra' }).calls[0]!.quality).toBe('medium');
    });

    test('nor to a value of unknown price', () => {
      expect(to({ size: '650x650' }).calls[0]!.size).toEqual({ width: 1024, height: 1024 });
    });

    test('size and quality may both move', () => {
      const { calls, estimate } = to({ size: '1000x1000', quality: 'draft' });
      expect(calls[0]).toMatchObject({ size: { width: 1024, height: 1024 }, quality: 'low' });
      expect(estimate?.amount).toBe(0.01);
    });

    test('a table without any price lets the nearest through', () => {
      expect(to({ size: '1500x1000', quality: 'ultra' }, priceless).calls[0]).toMatchObject({
        size: { width: 1536, height: 1024 },
        quality: 'high',
      });
    });
  });

  test('a style is dropped, transparency never', () => {
    const images = [picture()];
    expect(ask('edit', { images, style: 'ink' }).calls[0]!.style).toBe('ink');
    expect(refusal(() => ask('edit', { images, style: 'vivid' })).details).toMatchObject({ allowed: ['ink', 'oil'] });
    const { calls, applied } = adapt('edit', { images, style: 'vivid' });
    expect(calls[0]).not.toHaveProperty('style');
    expect(applied).toMatchObject([{ option: 'style', asked: 'vivid', sent: null }]);
    expect(refusal(() => adapt('gpt', { background: 'plaid' })).code).toBe('unsupported');
    expect(refusal(() => adapt('bare', { background: 'transparent' })).message).toBe('test/bare has no background');
    expect(adapt('bare', { background: 'opaque' }).applied).toMatchObject([{ option: 'background', sent: null }]);
    expect(refusal(() => ask('bare', { background: 'opaque' })).message).toBe('test/bare has no background');
  });

  test.each(['white', 'Solid White background', 'light blue', 'off-white', '#fff', '#FFFFFF', 'rgb(255, 0, 0)'])(
    'a colour of the background is a wish: %s',
    (background) => {
      expect(adapt('bare', { background })).toMatchObject({
        applied: [{ option: 'background', asked: background, sent: null, because: 'test/bare has no background' }],
      });
      expect(adapt('gpt', { background })).toMatchObject({
        calls: [{ background: 'opaque' }],
        applied: [{ option: 'background', asked: background, sent: 'opaque' }],
      });
      for (const id of ['bare', 'gpt'] as const) {
        const { code, hint } = refusal(() => ask(id, { background }));
        expect([code, hint]).toEqual(['unsupported', expect.stringContaining('or ask with negotiation: "adapt"')]);
      }
    },
  );

  test.each(['transparent', 'Transparent', 'transparant', 'clear', 'alpha', '#fff0', '#ffffff00', 'rgba(0,0,0,0)'])(
    'what may mean transparency is none: %s',
    (background) => {
      expect(refusal(() => adapt('bare', { background })).code).toBe('unsupported');
    },
  );

  test.each(['quality', 'style', 'background', 'outputFormat'] as const)('“auto” asks for nothing: %s', (word) => {
    for (const id of ['bare', 'cogview-4', 'edit', 'gemini'] as const) {
      for (const auto of ['auto', 'Auto']) {
        const { calls, applied } = ask(id, { [word]: auto, ...(id === 'edit' && { images: [picture()] }) });
        expect([calls[0]![word], applied]).toEqual([undefined, []]);
      }
    }
    expect(ask('gpt', { quality: 'AUTO' }).calls[0]!.quality).toBe('auto');
  });

  test('“auto” costs what is made by default', () => {
    expect(ask('cogview-4', { quality: 'auto' }).estimate).toEqual(ask('cogview-4').estimate);
  });

  test('a format the model lacks moves to its usual one, or is left to the service', () => {
    expect(adapt('gpt', { outputFormat: 'avif' }).calls[0]!.outputFormat).toBe('png');
    expect(adapt('bare', { outputFormat: 'avif' })).toMatchObject({
      applied: [{ option: 'outputFormat', sent: null }],
    });
    expect(refusal(() => ask('bare', { outputFormat: 'png' })).code).toBe('unsupported');
  });

  test('compression belongs to the formats that take it', () => {
    expect(ask('gpt', { outputFormat: 'webp', outputCompression: 80 }).calls[0]!.outputCompression).toBe(80);
    const error = refusal(() => adapt('gpt', { outputCompression: 80 }));
    expect(error.message).toBe('test/gpt compresses only jpeg and webp, not png');
    expect(refusal(() => ask('bare', { outputCompression: 80 })).message).toBe('test/bare has no outputCompression');
  });
});

describe('seed, user and numbers', () => {
  test('a seed the model cannot take is refused, or left out', () => {
    const images = [picture()];
    expect(refusal(() => ask('cogview-4', { seed: 7 })).message).toBe('test/cogview-4 has no seed');
    expect(adapt('cogview-4', { seed: 7 })).toMatchObject({ applied: [{ option: 'seed', asked: 7, sent: null }] });
    expect(refusal(() => ask('edit', { images, seed: 10 })).details).toMatchObject({ allowed: [0, 9], nearest: [9] });
    expect(adapt('edit', { images, seed: 10 }).calls[0]).not.toHaveProperty('seed');
  });

  test('a user id of another length is refused, or left out', () => {
    expect(refusal(() => ask('cogview-4', { user: 'ann' })).details).toMatchObject({
      option: 'user',
      allowed: [6, 128],
    });
    expect(adapt('cogview-4', { user: 'ann' })).toMatchObject({ applied: [{ option: 'user', sent: null }] });
    expect(adapt('bare', { user: 'user-1' })).toMatchObject({ applied: [{ option: 'user', sent: null }] });
  });

  test('numbers a model lacks or limits are refused in both modes', () => {
    const images = [picture()];
    expect(refusal(() => adapt('gpt', { partials: 4 })).details).toMatchObject({ nearest: [3] });
    expect(refusal(() => adapt('bare', { partials: 1 })).message).toBe('test/bare has no partials');
    expect(refusal(() => adapt('bare', { strength: 0.5 })).message).toBe('test/bare has no strength');
    expect(refusal(() => adapt('edit', { images: [url], factor: 3 })).details).toMatchObject({ nearest: [4, 2] });
    expect(ask('edit', { images, strength: 0.5 }).calls[0]!.strength).toBe(0.5);
    expect(ask('gpt', { partials: 3 }).calls[0]!.partials).toBe(3);
    // No service says of which of several pictures a partial one is.
    expect(ask('gpt', { partials: 1, n: 3 }).calls).toMatchObject([{ n: 1 }, { n: 1 }, { n: 1 }]);
  });

  test('upscaling needs a factor, and enlarges if that is what was asked', () => {
    const images = [picture()];
    const error = refusal(() => adapt('sharpener', { operation: 'upscale', images }));
    expect(error).toMatchObject({
      code: 'invalid-request',
      message: 'upscale needs a factor; test/sharpener upscales by 1, 2, 3, 4',
      hint: 'Use factor: 2.',
      details: { option: 'factor', asked: null, allowed: [1, 2, 3, 4], nearest: [2, 3, 4] },
    });
    expect(ask('sharpener', { images, factor: 1 }).calls[0]!.factor).toBe(1);
    const nearest = (factor: number) => refusal(() => ask('sharpener', { images, factor })).details;
    expect(nearest(1.5)).toMatchObject({ nearest: [2, 3, 4] });
    expect(nearest(1.1)).toMatchObject({ nearest: [2, 3, 4] });
    expect(nearest(2.4)).toMatchObject({ nearest: [2, 3, 4] });
    expect(nearest(2.5)).toMatchObject({ nearest: [3, 2, 4] });
    expect(nearest(0.5)).toMatchObject({ nearest: [1, 2, 3] });
  });

  test('extending is measured per side', () => {
    const images = [picture()];
    expect(ask('edit', { images, expand: { left: 512 } }).calls[0]!.expand).toEqual({
      top: 0,
      right: 0,
      bottom: 0,
      left: 512,
    });
    expect(refusal(() => adapt('edit', { images, expand: { left: 513, top: 0.5 } })).details).toMatchObject({
      nearest: [{ top: 1, right: 0, bottom: 0, left: 512 }],
    });
    expect(refusal(() => ask('edit', { images, expand: { left: 0 } })).code).toBe('invalid-request');
    expect(refusal(() => ask('edit', { images, operation: 'outpaint' })).code).toBe('invalid-request');
  });
});

describe('input pictures', () => {
  test.each<[string, Id, Partial<ParsedRequest>, string, RegExp]>([
    ['too many', 'edit', { images: [picture(), picture(), picture()] }, 'unsupported', /at most 2 pictures, 3 given/],
    ['none', 'edit', { operation: 'edit' }, 'invalid-request', /edit needs a picture, none given/],
    [
      'of another type',
      'edit',
      { images: [picture({ mediaType: 'image/gif' })] },
      'unsupported',
      /picture 1 is image\/gif/,
    ],
    ['too small', 'edit', { images: [picture({ width: 63 })] }, 'unsupported', /63x512 px; .* sides of 64–1024/],
    ['too large', 'edit', { images: [picture({ width: 1000 })] }, 'unsupported', /4096–500000 px in all/],
    ['too long', 'edit', { images: [picture({ width: 1000, height: 200 })] }, 'unsupported', /at most 4:1/],
    ['too heavy', 'gpt', { images: [picture({ bytes: new Uint8Array(1001) })] }, 'unsupported', /1001 bytes; .* 1000/],
    ['by URL', 'edit', { images: [url] }, 'unsupported', /is a URL, which/],
    ['by bytes', 'edit', { images: [picture()], factor: 2 }, 'unsupported', /is bytes, which/],
    ['for a model without', 'bare', { images: [picture()], operation: 'generate' }, 'unsupported', /has no images/],
  ])('%s are refused in both modes', (_, id, words, code, message) => {
    for (const how of [false, true]) {
      expect(refusal(() => ask(id, words, { adapt: how }))).toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    }
  });

  test('with an alpha channel are refused where the model takes none', () => {
    const edit = (bytes: Uint8Array, mediaType = 'image/png') =>
      ask('edit', { images: [picture({ bytes, mediaType })] });
    expect(refusal(() => edit(pictures.png)).message).toMatch(/alpha channel/);
    expect(refusal(() => edit(withTransparentColour(pictures.pngOpaque))).message).toMatch(/alpha channel/);
    expect(refusal(() => edit(pictures.webpAlpha, 'image/webp')).message).toMatch(/alpha channel/);
    expect(refusal(() => edit(pictures.webpLossless, 'image/webp')).message).toMatch(/alpha channel/);
    expect(edit(pictures.pngOpaque).calls).toHaveLength(1);
    expect(edit(pictures.webp, 'image/webp').calls).toHaveLength(1);
  });

  test('that are stored turned are sent with a warning, and refused with a mask', () => {
    // As much of the file as the model takes.
    const images = [picture({ bytes: pictures.jpegExif.subarray(0, 1000), mediaType: 'image/jpeg' })];
    expect(ask('gpt', { images }).warnings).toContainEqual({
      code: 'unchecked',
      message: expect.stringMatching(/picture 1 is stored turned \(EXIF orientation 6\)/),
    });
    expect(refusal(() => ask('gpt', { images, mask: picture() }))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/the mask may not lie on it/),
    });
    const second = ask('gpt', { images: [picture(), ...images], mask: picture() });
    expect(second.warnings).toContainEqual(expect.objectContaining({ code: 'unchecked' }));
    const upright = [picture({ bytes: pictures.jpeg, mediaType: 'image/jpeg' })];
    expect(ask('gpt', { images: upright }).warnings).toEqual([]);
  });

  test('by URL are passed on unchecked, with a warning', () => {
    const { calls, warnings } = ask('gemini', { images: [url] });
    expect(calls[0]!.images).toEqual([url]);
    expect(warnings.map(({ code }) => code)).toContain('unchecked');
  });

  test('a mask needs a picture of its size, and a model that takes one', () => {
    const images = [picture()];
    expect(refusal(() => ask('cogview-4', { mask: picture() }))).toMatchObject({ code: 'invalid-request' });
    expect(refusal(() => ask('gpt', { images, mask: picture({ width: 256 }) }))).toMatchObject({
      code: 'invalid-request',
      message: 'the mask is 256x512 px, its picture 512x512 px',
    });
    expect(refusal(() => ask('gpt', { images, mask: picture({ bytes: new Uint8Array(101) }) })).message).toMatch(
      /101 bytes/,
    );
    expect(refusal(() => ask('gpt', { images, mask: url })).message).toMatch(/the mask is a URL/);
    expect(refusal(() => ask('gpt', { images, mask: picture(), operation: 'edit' })).message).toBe(
      'test/gpt has no mask for edit',
    );
    expect(refusal(() => ask('gpt', { images, operation: 'inpaint' })).message).toBe('inpaint needs a mask');
    expect(ask('gpt', { images, mask: picture() }).calls[0]!.mask).toEqual(picture());
  });
});

describe('provider options', () => {
  test('unknown names are refused with the nearest', () => {
    const error = refusal(() => adapt('gpt', { providerOptions: { moderatoin: 'low' } }));
    expect(error).toMatchObject({ code: 'unsupported', hint: 'Use providerOptions.moderation: "low".' });
    expect(error.details).toMatchObject({ option: 'providerOptions.moderatoin', nearest: ['moderation'] });
    expect(refusal(() => adapt('bare', { providerOptions: { x: 1 } })).message).toBe(
      'test/bare has no providerOptions',
    );
    expect(ask('bare', { providerOptions: {} }).calls[0]!.options).toEqual({});
  });

  test('wrong values are refused with what is allowed', () => {
    const images = [picture()];
    const error = refusal(() => adapt('edit', { images, providerOptions: { steps: 99 } }));
    expect(error).toMatchObject({
      code: 'invalid-request',
      message: 'providerOptions.steps of test/edit is a whole number from 1 to 50, not 99',
    });
    expect(refusal(() => ask('gpt', { providerOptions: { moderation: 'lo' } })).details).toMatchObject({
      nearest: ['low'],
    });
  });
});

describe('warnings', () => {
  test('tell that a model is deprecated, since when, until when and what follows', () => {
    expect(ask('edit', { images: [picture()] }).warnings).toEqual([
      {
        code: 'deprecated',
        message: 'test/edit is deprecated since 2026-01-01, ends probably on 2027-01-01; its successor is gpt',
      },
    ]);
    expect(ask('gemini').warnings).toMatchObject([{ code: 'preview' }]);
  });

  test('an open row passes on what it does not declare, and says so', () => {
    const words = {
      size: '1000x1000',
      quality: 'ultra',
      seed: 7,
      negativePrompt: 'fog',
      strength: 0.2,
      outputCompression: 5,
      user: 'ann',
      providerOptions: { sampler: 'euler' },
      images: [picture()],
    } as const;
    const { calls, warnings, applied } = ask('server', words);
    const { images, providerOptions, size, ...rest } = words;
    expect(calls[0]).toMatchObject({ ...rest, images, options: providerOptions, size: { width: 1000, height: 1000 } });
    expect(applied).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(Array(9).fill('unlisted'));
  });

  test('what an open row declares as absent is refused all the same', () => {
    expect(refusal(() => ask('server', { style: 'ink' })).message).toBe('test/server has no style for generate');
    expect(ask('server', { aspectRatio: '5:4', resolution: '3K' }).calls[0]).toMatchObject({
      aspectRatio: '5:4',
      resolution: '3K',
    });
  });
});

describe('several problems', () => {
  test('are reported at once', () => {
    const words = { size: '7x7', quality: 'ultra', negativePrompt: 'fog', seed: 1 } as const;
    const error = refusal(() => ask('cogview-4', words));
    expect(error.details).toMatchObject({
      option: 'negativePrompt',
      also: [{ option: 'size' }, { option: 'quality' }, { option: 'seed', message: 'test/cogview-4 has no seed' }],
    });
    expect(JSON.parse(JSON.stringify(error.details))).toEqual(error.details);
  });
});

describe('more pictures than a call makes', () => {
  const images = [picture()];
  const seeds = ({ calls }: Negotiated) => calls.map(({ n, seed }) => [n, seed]);

  test('become several calls', () => {
    expect(seeds(ask('cogview-4', { n: 3 }))).toEqual([1, 1, 1].map((n) => [n, undefined]));
    expect(ask('cogview-4', { n: 3 }).estimate?.amount).toBe(0.18);
    expect(seeds(ask('gpt', { n: 23 }))).toEqual([10, 10, 3].map((n) => [n, undefined]));
  });

  test('each have their own seed', () => {
    expect(seeds(ask('edit', { images, n: 6, seed: 2 }))).toEqual([
      [4, 2],
      [2, 6],
    ]);
    expect(seeds(ask('edit', { images: [url], factor: 2, n: 3, seed: 5 }))).toEqual([
      [1, 5],
      [1, 6],
      [1, 7],
    ]);
  });

  test('are one call if they belong together', () => {
    const providerOptions = { sequential: true };
    expect(seeds(ask('comic', { n: 6, seed: 3, providerOptions }))).toEqual([[6, 3]]);
    expect(ask('comic', { n: 6, providerOptions }).estimate?.amount).toBe(0.2);
    expect(ask('comic', { n: 6 }).estimate?.amount).toBe(0.4);
    expect(seeds(ask('comic', { n: 6, providerOptions: { sequential: false } }))).toEqual([
      [4, undefined],
      [2, undefined],
    ]);
    expect(seeds(ask('comic', { images, n: 5, seed: 3 }))).toEqual([[5, 3]]);
  });

  test('cost as many calls as their seeds need, whatever else is left out', () => {
    const asked = { images, n: 2, seed: 0, providerOptions: { sequential: false } };
    expect(ask('comic', asked).estimate?.amount).toBe(0.4);
    expect(adapt('comic', { ...asked, size: '512x1' }).estimate?.amount).toBe(0.4);
  });

  test('that would break a series are refused', () => {
    const providerOptions = { sequential: true };
    expect(refusal(() => adapt('comic', { n: 7, providerOptions }))).toMatchObject({
      code: 'unsupported',
      message: 'with sequential, test/comic makes at most 6 pictures, which belong together; 7 would be several series',
      hint: 'Use n: 6, or leave providerOptions.sequential out.',
      details: { option: 'n', asked: 7, allowed: [1, 6], nearest: [6] },
    });
    expect(refusal(() => ask('comic', { images, n: 6 })).hint).toBe('Use n: 5, or providerOptions.sequential: false.');
    const seed = refusal(() => ask('comic', { n: 6, seed: 11, providerOptions }));
    expect(seed.message).toMatch('test/comic takes seeds from 0 to 10 for a series of 6');
    expect(seed.details).toMatchObject({ option: 'seed', allowed: [0, 10], nearest: [10] });
    expect(adapt('comic', { n: 6, seed: 11, providerOptions })).toMatchObject({
      calls: [{ n: 6 }],
      applied: [{ option: 'seed', asked: 11, sent: null }],
    });
  });

  test('go on from 0 after the highest seed, and say so', () => {
    const { applied, calls } = ask('edit', { images, n: 5, seed: 8 });
    expect(calls.map(({ n, seed }) => [n, seed])).toEqual([
      [2, 8],
      [3, 0],
    ]);
    expect(applied).toMatchObject([{ option: 'seed', asked: 8, sent: [8, 0] }]);
    expect(ask('edit', { images, n: 2, seed: 8 }).applied).toEqual([]);
  });
});

const anyId = fc.constantFrom<Id>(...(Object.keys(rows) as Id[]));
const side = fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.constantFrom(512, 768, 1024, 1280, 1536, 2048));
const shape = fc.oneof(
  fc.constant({}),
  fc.record({ size: fc.tuple(side, side).map(([width, height]): Size => `${width}x${height}`) }),
  fc.record(
    {
      aspectRatio: fc.constantFrom<Ratio>('1:1', '4:3', '16:9', '9:16', '21:9', '2.39:1', '12:1'),
      resolution: fc.constantFrom('1K', '2K', '4K', '8K', 'HD'),
    },
    { requiredKeys: [] },
  ),
);
const words = fc.record(
  {
    quality: fc.constantFrom('low', 'standard', 'medium', 'hd', 'HD', 'ultra', 'sparkling', 'auto'),
    style: fc.constantFrom('ink', 'vivid'),
    background: fc.constantFrom('transparent', 'opaque', 'white'),
    outputFormat: fc.constantFrom('png', 'jpg', 'webp', 'avif'),
    seed: fc.integer({ min: 0, max: 12 }),
    user: fc.constantFrom('ann', 'user-000123'),
    n: fc.integer({ min: 1, max: 12 }),
    images: fc.constantFrom([picture()], [picture({ width: 300 }), picture()]),
  },
  { requiredKeys: [] },
);
/** Words that few of the rows have. */
const rare = fc.record(
  {
    factor: fc.constantFrom(1, 1.5, 2, 3, 5),
    providerOptions: fc.record({ sequential: fc.boolean() }),
  },
  { requiredKeys: [] },
);
const allWords = fc.oneof(
  { weight: 3, arbitrary: words },
  { weight: 1, arbitrary: fc.tuple(words, rare).map(([usual, more]) => ({ ...usual, ...more })) },
);
const request = fc
  .tuple(shape, allWords)
  .map(([a, b]): ParsedRequest => ({ images: [], ...b, ...parseOptions({ prompt: 'a boat', n: b.n ?? 1, ...a }) }));

function attempt(work: () => Negotiated): Negotiated | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

/** How many pictures the series may have that was asked for. */
function seriesMost({ limits: { options = {} }, calls }: Negotiated): number | undefined {
  const { sequential } = options;
  if (sequential?.type !== 'boolean') return undefined;
  return (calls[0]!.options.sequential ?? sequential.default) ? sequential.series : undefined;
}

/** How many calls make so many pictures, if no seed stands in the way. */
function callsFor(decided: Negotiated, n: number): number {
  return seriesMost(decided) === undefined ? Math.ceil(n / (decided.limits.perCall ?? 1)) : 1;
}

/** The request that a decided call stands for. */
function asRequest({ calls }: Negotiated, n: number): ParsedRequest {
  const { limits: _, model: __, size, options, partials: ___, ...call } = calls[0]!;
  return { ...call, n, ...(size && { size: formatSize(size) }), providerOptions: options };
}

describe('for any request and model', () => {
  test('what was asked before changes nothing of what is decided', () => {
    const anyPrompt = fc.constantFrom('a boat', 'a kite', '', 'x'.repeat(1500), 'y'.repeat(40_000));
    const anyAsked = fc.record({
      asked: fc.oneof(request, fc.constant<ParsedRequest>({ prompt: 'a boat', n: 1, images: [] })),
      prompt: anyPrompt,
      region: fc.constantFrom('cn', 'intl'),
      adapt: fc.boolean(),
      today: fc.constantFrom('2026-11-20' as const, '2027-02-01' as const),
    });
    const outcome = (work: () => Negotiated) => {
      try {
        return work();
      } catch (error) {
        if (error instanceof ImageError) return error.toJSON();
        throw error;
      }
    };
    fc.assert(
      fc.property(anyId, fc.array(anyAsked, { minLength: 2, maxLength: 5 }), (id, all) => {
        for (const { asked, prompt, region, adapt: isAdapt, today } of all) {
          const words = { ...asked, prompt };
          const target = { provider: 'test', model: id, row: rows[id], region };
          const how = { adapt: isAdapt, today };
          expect(outcome(() => negotiateAgain(words, target, how))).toEqual(
            outcome(() => negotiate(words, target, how)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test('what strict accepts, adapt leaves as it is', () => {
    fc.assert(
      fc.property(anyId, request, (id, asked) => {
        const strict = attempt(() => ask(id, asked));
        if (strict) expect(adapt(id, asked)).toEqual(strict);
      }),
      { numRuns: 500 },
    );
  });

  test('what adapt sends is legal: strict takes it with no change', () => {
    fc.assert(
      fc.property(anyId, request, (id, asked) => {
        const adapted = attempt(() => adapt(id, asked));
        if (!adapted) return;
        const again = ask(id, asRequest(adapted, 1));
        expect(again.applied).toEqual([]);
        const { n: _, ...first } = adapted.calls[0]!;
        expect(again.calls[0]).toEqual({ ...first, n: 1 });
        const size = adapted.calls[0]!.size;
        if (size && adapted.limits.size)
          expect(judgeSize(formatSize(size), adapted.limits.size).verdict).not.toBe('no');
      }),
      { numRuns: 500 },
    );
  });

  test('adapt keeps the prompt, the number and the inputs, and reports every other change', () => {
    fc.assert(
      fc.property(anyId, request, (id, asked) => {
        const adapted = attempt(() => adapt(id, asked));
        if (!adapted) return;
        const changed = new Set(adapted.applied.map(({ option }) => option));
        expect(adapted.calls.reduce((sum, { n }) => sum + n, 0)).toBe(asked.n);
        for (const call of adapted.calls) {
          expect([call.prompt, call.images]).toEqual([asked.prompt, asked.images]);
          if (call.background !== asked.background) expect([asked.background, ...changed]).toContain('background');
          if (asked.background === 'transparent') expect(call.background).toBe('transparent');
          for (const word of ['quality', 'style', 'outputFormat', 'user', 'aspectRatio', 'resolution'] as const) {
            const fromSize = asked.size && (word === 'aspectRatio' || word === 'resolution');
            const isSaid = asked[word] !== 'auto' || call[word] !== undefined;
            if (call[word] !== asked[word] && !fromSize && isSaid) expect(changed).toContain(word);
          }
          const sent = call.size && formatSize(call.size);
          if (asked.size && sent !== asked.size) expect(changed).toContain('size');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('n is in as few calls as there may be, and a series in one', () => {
    fc.assert(
      fc.property(fc.oneof(anyId, fc.constant('comic' as const)), request, (id, asked) => {
        const decided = attempt(() => adapt(id, asked));
        if (!decided) return;
        const { calls, limits } = decided;
        const most = seriesMost(decided);
        if (most !== undefined) {
          expect(asked.n).toBeLessThanOrEqual(most);
          expect(calls).toHaveLength(1);
        } else {
          for (const { n } of calls) expect(n).toBeLessThanOrEqual(limits.perCall ?? 1);
        }
        if (calls[0]!.seed === undefined) expect(calls).toHaveLength(callsFor(decided, asked.n));
      }),
      { numRuns: 500 },
    );
  });

  test('seeds of a request are distinct as long as there are enough', () => {
    fc.assert(
      fc.property(anyId, request, (id, asked) => {
        const adapted = attempt(() => adapt(id, { ...asked, n: Math.min(asked.n, 10) }));
        const seeds = adapted?.calls.flatMap(({ n, seed }) =>
          seed === undefined ? [] : Array.from({ length: n }, (_, index) => seed + index),
        );
        if (!adapted || !seeds) return;
        const { seed } = adapted.limits;
        expect(new Set(seeds).size).toBe(seeds.length);
        if (seed) expect(Math.max(0, ...seeds)).toBeLessThanOrEqual(seed.max);
      }),
      { numRuns: 500 },
    );
  });

  test('adapt never costs more than what was asked, if that price is known', () => {
    fc.assert(
      fc.property(anyId, request, (id, asked) => {
        const adapted = attempt(() => adapt(id, asked));
        const { size, quality } = asked;
        if (!adapted || !size) return;
        const known = costOf(
          adapted.limits,
          { region: 'cn', size, ...(quality && quality !== 'auto' && { quality }), options: adapted.calls[0]!.options },
          asked.n,
          // As many calls as with what was asked: a size and a quality change nothing of that, a seed does.
          adapted.calls.length,
        );
        if (known) expect(adapted.estimate?.amount).toBeLessThanOrEqual(known.amount);
      }),
      { numRuns: 500 },
    );
  });
});
