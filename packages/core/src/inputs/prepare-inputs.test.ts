import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { Limits, ModelTable } from '../contract/capabilities.ts';
import type { ImageCodec } from '../contract/codec.ts';
import type { CallDraft, InputBytes, InputImage } from '../contract/provider.ts';
import { createEngine } from '../run/create-engine.ts';
import { encodeMasks, prepareInputs } from './prepare-inputs.ts';

const shared = {
  label: 'A model',
  source: 'https://docs.example',
  checked: '2026-11-20',
  delivery: { as: 'bytes' },
  prices: [{ amount: 0, currency: 'USD', per: 'image' }],
} as const;
const takes = (side: number, maxBytes = 1e9) => {
  const edit = {
    images: { count: [1, 2], types: ['image/png'], as: ['bytes'], side: [1, side], maxBytes },
    mask: { repaint: 'white' },
  } as const;
  return { operations: { edit, inpaint: edit } };
};
const models: ModelTable = {
  small: { ...shared, ...takes(50) },
  linked: {
    ...shared,
    operations: { edit: { images: { count: [1, 2], types: ['image/png'], as: ['url', 'bytes'] } } },
  },
  tiny: { ...shared, ...takes(1000, 10) },
  plain: { ...shared, operations: { edit: { images: { count: [1, 2], types: ['image/png'], as: ['bytes'] } } } },
  open: { ...shared, open: true, operations: { inpaint: {} } },
  family: {
    ...shared,
    operations: {},
    open: true,
    families: { option: 'kind', rows: { tiny: { ids: 'fam', row: { ...shared, ...takes(50) } } } },
  },
  old: { ...shared, ...takes(20), retires: '2026-01-01', successor: 'small' },
};

const picture = (width: number, height: number, bytes = 100): InputBytes => ({
  as: 'bytes',
  bytes: new Uint8Array(bytes),
  mediaType: 'image/png',
  width,
  height,
});
/** Lying pictures are stood up; what is converted keeps its bytes. */
const codec: ImageCodec = {
  convert: async (image, { mediaType, width, height }) => ({ ...image, mediaType, width, height }),
  mask: async (mask) => mask,
  upright: async (image) =>
    image.width > image.height ? { ...image, width: image.height, height: image.width } : undefined,
};

function prepare(
  model: string,
  inputs: { images: InputImage[]; mask?: InputBytes },
  { adapt = true, signal = new AbortController().signal, by = codec } = {},
) {
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models,
    regions: { only: { baseURL: 'https://paint.example' } },
    keys: [],
    sign: () => ({}),
  })();
  const clock = { now: () => Date.parse('2026-11-20'), sleep: async () => {} };
  const engine = createEngine({ providers: [provider], env: {}, clock, codec: by });
  onTestFinished(() => engine.transport.close());
  const [entry] = engine.registry.resolve(`paint/${model}`);
  return prepareInputs(engine, entry!, { prompt: 'a boat', n: 1, ...inputs }, { adapt, signal });
}

test('a picture and a mask turned upright are reported, also without adapt', async () => {
  const inputs = { images: [picture(20, 30), picture(40, 10)], mask: picture(30, 20) };
  const { request, applied } = await prepare('small', inputs, { adapt: false });
  expect(request.images).toMatchObject([{ width: 20 }, { width: 10, height: 40 }]);
  const because = expect.stringContaining('EXIF');
  expect(applied).toEqual([
    { option: 'images', asked: 'png 40x10, 100 bytes', sent: 'png 10x40, 100 bytes', because },
    { option: 'mask', asked: 'png 30x20, 100 bytes', sent: 'png 20x30, 100 bytes', because },
  ]);
});

test('a mask scaled with its picture is reported', async () => {
  const { request, applied } = await prepare('small', { images: [picture(80, 100)], mask: picture(80, 100) });
  expect(request.mask).toMatchObject({ width: 40, height: 50 });
  expect(applied).toMatchObject([
    { option: 'images', sent: 'png 40x50, 100 bytes' },
    { option: 'mask', asked: 'png 80x100, 100 bytes', sent: 'png 40x50, 100 bytes' },
  ]);
});

test('what fits is neither changed nor reported', async () => {
  const images = [picture(40, 50)];
  expect(await prepare('small', { images })).toMatchObject({ request: { images }, applied: [] });
});

/** A codec that finds pixels of these colours, each opaque, one after the other in every picture. */
const seeing = (...colours: number[][]): ImageCodec => ({
  ...codec,
  pixels: async ({ width, height }) =>
    Uint8Array.from({ length: 4 * width * height }, (_, at) => colours[(at >> 2) % colours.length]![at % 4] ?? 255),
});

test.each([true, false])('a mask that cannot mean white = repaint is refused, adapt %s', async (adapt) => {
  const inputs = { images: [picture(40, 50)], mask: picture(40, 50) };
  const refusal = { code: 'invalid-request', details: { option: 'mask' }, hint: expect.stringMatching(/white/) };
  const black = seeing([0, 0, 0]);
  await expect(prepare('small', inputs, { adapt, by: black })).rejects.toMatchObject(refusal);
  await expect(prepare('small', inputs, { adapt, by: seeing([0, 0, 200]) })).rejects.toMatchObject(refusal);
  await expect(prepare('open', inputs, { adapt, by: black })).rejects.toMatchObject(refusal);
  const { request } = await prepare('small', inputs, { adapt, by: seeing([0, 0, 0], [255, 255, 255]) });
  expect(request.mask).toEqual(inputs.mask);
});

test('a model that stands for a family gets its pictures as the family takes them', async () => {
  const { applied } = await prepare('family', { images: [picture(40, 100)] });
  expect(applied).toMatchObject([{ option: 'images' }]);
});

test('a mask is not judged where nothing sees its pixels, nor for a model that takes none', async () => {
  const inputs = { images: [picture(40, 50)], mask: picture(40, 50) };
  expect((await prepare('small', inputs)).request.mask).toEqual(inputs.mask);
  const { request } = await prepare('plain', inputs, { by: seeing([0, 0, 0]) });
  expect(request.mask).toEqual(inputs.mask);
});

test('pictures for a retired model are measured against the successor that takes its place, under adapt', async () => {
  const { request } = await prepare('old', { images: [picture(80, 100)] });
  expect(request.images).toMatchObject([{ width: 40, height: 50 }]);
});

test('a signal stops the conversions after the one in hand', async () => {
  const stop = new AbortController();
  let conversions = 0;
  const by: ImageCodec = {
    ...codec,
    convert: async (image) => {
      conversions += 1;
      if (conversions === 2) stop.abort(new Error('gave up'));
      return image;
    },
  };
  const work = prepare('tiny', { images: [picture(80, 100)] }, { signal: stop.signal, by });
  await expect(work).rejects.toThrow('gave up');
  expect(conversions).toBe(2);
});

test('a URL that the service is to fetch may not lead to a name that only this network knows', async () => {
  const open = { as: 'url', url: 'https://pictures.example/a.png' } as const;
  expect((await prepare('linked', { images: [open] })).request.images).toEqual([open]);
  for (const host of ['localhost', 'box.local', 'nas', 'a.internal', 'LOCALHOST.']) {
    await expect(prepare('linked', { images: [{ as: 'url', url: `http://${host}/a.png` }] })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('which the service cannot reach'),
    });
  }
});

test('a mask is sent in the form that the model takes only if that is no longer than it takes', async () => {
  const repaint = fc.constantFrom('white', 'black', 'transparent', 'white+transparent');
  const length = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(repaint, fc.boolean(), fc.option(length), length, async (repaint, hard, most, encoded) => {
      const maxBytes = most ?? undefined;
      const limits = {
        mask: { repaint, ...(hard && { hard }), ...(maxBytes !== undefined && { maxBytes }) },
      } as Limits;
      const by = { ...codec, mask: async (mask: InputBytes) => ({ ...mask, bytes: new Uint8Array(encoded) }) };
      const draft = { mask: picture(8, 8, 1) } as unknown as CallDraft;
      const isEncoded = repaint !== 'white' || hard;
      const sent = encodeMasks(by, limits, [draft, draft]);
      if (isEncoded && maxBytes !== undefined && encoded > maxBytes) {
        await expect(sent).rejects.toMatchObject({
          code: 'unsupported',
          details: { option: 'mask', asked: encoded, allowed: maxBytes },
        });
        return;
      }
      for (const call of await sent) expect(call.mask).toMatchObject({ bytes: { length: isEncoded ? encoded : 1 } });
    }),
  );
});

test('a codec that changes the size of a mask is told of', async () => {
  const by = { ...codec, mask: async (mask: InputBytes) => ({ ...mask, width: 7 }) };
  const draft = { mask: picture(8, 8) } as unknown as CallDraft;
  const limits = { mask: { repaint: 'black' } } as Limits;
  await expect(encodeMasks(by, limits, [draft])).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('7x8 px of one of 8x8'),
  });
});
