// The sentences of FACTS.md that say what is refused. That a field which an endpoint does not have is refused is the strict reading.

import type { ClientRequest, Json } from '@anyimage/core';
import { drawPlain, drawTestCard, testCodec } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { ideogram } from './provider.ts';

const boat = drawTestCard({ prompt: 'a boat', width: 64, height: 64 });
const other = drawTestCard({ prompt: 'a boat', width: 64, height: 80 });
const gif = drawPlain('gif', { prompt: 'a boat', width: 64, height: 64 })!;
const heavy = Buffer.concat([boat, Buffer.alloc(10_000_001 - boat.length)]);
const garbage = Buffer.from('no picture at all, though it says so');

type Values = Readonly<Record<string, string | Uint8Array | readonly string[]>>;

function form(values: Values): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof Uint8Array)
      form.append(name, new File([Uint8Array.from(value)], `${name}.png`, { type: 'image/png' }));
    else for (const one of [value].flat()) form.append(name, one);
  }
  return form;
}

const [four, three] = ['ideogram-v4', 'ideogram-v3'] as const;

/** A request that is refused. `ask`: the same in a caller's words. */
function asked(to: string, says: string, values: Values, ask?: ClientRequest, more: Partial<Refused> = {}): Refused {
  const [model = ''] = to.split('/');
  const prompt: Values = model === four ? { text_prompt: 'a boat' } : { prompt: 'a boat' };
  return {
    ...{ says: `1: ${to}: ${says}`, to: `v1/${to}`, status: 400, holds: { title: 'Bad Request' } },
    form: form({ ...prompt, ...values }),
    ...(ask && { ask: { model: `ideogram/${model}`, prompt: 'a boat', ...ask } }),
    ...more,
  };
}
const option = (name: string, value: Json): ClientRequest => ({ providerOptions: { [name]: value } });

refuses({ provider: ideogram, emulator, codec: testCodec() }, [
  asked(`${four}/generate`, 'no key is 401', {}, undefined, {
    status: 401,
    holds: { status: 401 },
    headers: { 'api-key': '' },
  }),
  asked(`${four}/generate`, 'a wrong key is 401', {}, undefined, {
    ...{ status: 401, holds: { detail: 'No authorization token' } },
    headers: { 'api-key': 'no' },
  }),
  {
    ...{ says: '1: JSON is 415 here', to: `v1/${four}/generate`, json: { text_prompt: 'a boat' } },
    ...{ status: 415, holds: { status: 415 } },
  },
  asked('ideogram-v9/generate', 'there is no such model', {}, {}, { status: 404, holds: { status: 404 } }),

  // 4.0
  asked(`${four}/generate`, 'a prompt is needed', { text_prompt: '' }, { prompt: '' }),
  asked(`${four}/generate`, 'the prompt is text_prompt', { prompt: 'a boat' }),
  asked(`${four}/generate`, '1024x1024 is too small', { resolution: '1024x1024' }, { size: '1024x1024' }),
  asked(`${four}/generate`, 'a size is one of the list', { resolution: '2048x2064' }, { size: '2048x2064' }),
  asked(`${four}/generate`, 'FLASH is not of 4.0', { rendering_speed: 'FLASH' }, { quality: 'flash' }),
  asked(`${four}/generate`, 'words are in capitals', { rendering_speed: 'turbo' }),
  asked(`${four}/generate`, 'there is no ratio', { aspect_ratio: '1x1' }, { aspectRatio: '7:1' }),
  ...(
    [
      ['seed', '7', { seed: 7 }],
      ['negative_prompt', 'fog', { negativePrompt: 'fog' }],
      ['num_images', '2', undefined],
      ['style_type', 'DESIGN', { style: 'design' }],
      ['magic_prompt', 'OFF', option('magicPrompt', 'off')],
      ['image', boat, undefined],
      ['enable_copyright_detection', 'perhaps', option('copyrightDetection', 'perhaps')],
    ] as const
  ).map(([name, value, ask]) =>
    asked(
      `${four}/generate`,
      `no ${name} ${typeof value === 'string' ? value : ''}`,
      { [name]: value },
      ask as ClientRequest | undefined,
    ),
  ),

  // 3.0
  ...(
    [
      ['seed', '2147483648', { seed: 2_147_483_648 }],
      ['seed', '-1', undefined],
      ['num_images', '9', undefined],
      ['num_images', '0', undefined],
      ['aspect_ratio', '7x1', { aspectRatio: '7:1' }],
      ['aspect_ratio', '16:9', undefined],
      ['resolution', '2048x2048', { size: '2048x2048' }],
      ['style_type', 'ANIME', { style: 'anime' }],
      ['magic_prompt', 'MAYBE', option('magicPrompt', 'maybe')],
      ['rendering_speed', 'SLOW', { quality: 'slow' }],
      ['style_codes', 'blue', option('styleCodes', ['blue'])],
      ['style_codes', '1a2b3c4', option('styleCodes', '1a2b3c4d')],
      ['image_weight', '50', { strength: 0.5 }],
      ['mask', boat, undefined],
    ] as const
  ).map(([name, value, ask], at) =>
    asked(`${three}/generate`, `${name} (${at})`, { [name]: value }, ask as ClientRequest | undefined),
  ),
  asked(
    `${three}/generate`,
    'a resolution or a ratio',
    { resolution: '1024x1024', aspect_ratio: '1x1' },
    {
      ...{ size: '1024x1024', aspectRatio: '16:9' },
    },
  ),
  asked(
    `${three}/generate`,
    'codes of styles or a style',
    { style_codes: '1a2b3c4d', style_type: 'DESIGN' },
    {
      ...option('styleCodes', ['1a2b3c4d']),
      style: 'design',
    },
  ),

  // pictures
  ...([`${four}/remix`, `${three}/remix`] as const).flatMap((to) => [
    asked(to, 'a picture is needed', {}, { operation: 'edit' }),
    asked(to, 'a GIF is not taken', { image: gif }, { images: [gif] }),
    asked(to, 'a picture has at most 10 MB', { image: heavy }, { images: [heavy] }),
    asked(to, 'a picture is a picture', { image: garbage }, { images: [garbage] }),
    asked(to, 'a weight is at least 1', { image: boat, image_weight: '0' }, { images: [boat], strength: 1.1 }),
    asked(to, 'a weight is at most 100', { image: boat, image_weight: '101' }, { images: [boat], strength: -0.1 }),
  ]),
  asked(`${three}/inpaint`, 'a mask is needed', { image: boat }, { operation: 'inpaint', images: [boat] }),
  asked(
    `${three}/inpaint`,
    'the mask has the size of the picture',
    { image: boat, mask: other },
    { images: [boat], mask: other },
  ),
  asked(`${three}/inpaint`, 'the mask is black and white', { image: boat, mask: boat }),
  asked(
    `${three}/inpaint`,
    'there is no negative prompt',
    { image: boat, mask: boat, negative_prompt: 'fog' },
    {
      ...{ images: [boat], mask: boat, negativePrompt: 'fog' },
    },
  ),
  asked(
    `${three}/inpaint`,
    'the size is that of the picture',
    { image: boat, mask: boat, resolution: '1024x1024' },
    {
      ...{ images: [boat], mask: boat, size: '1024x1024' },
    },
  ),
  asked(
    `${three}/replace-background`,
    'there is no mask',
    { image: boat, mask: boat },
    {
      ...{ operation: 'replaceBackground', images: [boat], mask: boat },
    },
  ),
]);
