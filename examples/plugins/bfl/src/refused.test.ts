// The sentences of FACTS.md that say what is refused. That a field which a model does not have is refused is said of FLUX 3, and is the
// strict reading of the others.

import type { ClientRequest, Json, Ratio, Size } from '@anyimage/core';
import { drawPlain, drawTestCard, testCodec } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { bfl } from './provider.ts';

/** A request that is refused. `ask`: the same in a caller's words. */
function asked(
  says: string,
  { model = 'flux-2-pro', ...fields }: Readonly<Record<string, unknown>>,
  ask?: ClientRequest,
  more: Partial<Refused> = {},
): Refused {
  return {
    ...{ says, to: String(model), status: 422, holds: { detail: [{ type: 'value_error' }] } },
    json: { prompt: 'a boat', ...fields },
    ...(ask && { ask: { model: `bfl/${String(model)}`, prompt: 'a boat', ...ask } }),
    ...more,
  };
}
const failing = (status: number, detail: Json): Partial<Refused> => ({ status, holds: { detail } });
const option = (name: string, value: Json): ClientRequest => ({ providerOptions: { [name]: value } });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 512 });
const small = drawTestCard({ prompt: 'a boat', width: 248, height: 512 });
const huge = drawPlain('webp', { prompt: 'a boat', width: 4008, height: 4000 })!;
const heavy = Buffer.concat([boat, Buffer.alloc(20_000_001 - boat.length)]);
const garbage = Buffer.from('no picture at all, though it says so');
const numbered = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [at ? `input_image_${at + 1}` : 'input_image', text(boat)]),
  );

refuses({ provider: bfl, emulator, codec: testCodec() }, [
  // 3: keys and models
  asked('3: no key is 403', {}, undefined, { ...failing(403, 'Not authenticated'), headers: { 'x-key': '' } }),
  asked('3: a wrong key is 422', {}, undefined, { ...failing(422, 'Invalid API key'), headers: { 'x-key': 'no' } }),
  asked('3: an unknown model is 404', { model: 'flux-9' }, {}, failing(404, 'Not Found')),

  // 2: what no model has
  ...(
    [
      ['n', 2, undefined],
      ['negative_prompt', 'fog', { negativePrompt: 'fog' }],
      ['quality', 'hd', { quality: 'hd' }],
      ['style', 'ink', { style: 'ink' }],
      ['background', 'transparent', { background: 'transparent' }],
      ['user', 'u-1', { user: 'u-1' }],
      ['mask', text(boat), { images: [boat], mask: boat }],
      ['strength', 0.5, { images: [boat], strength: 0.5 }],
    ] as const
  ).map(([name, value, ask]) => asked(`2: there is no ${name}`, { [name]: value }, ask as ClientRequest | undefined)),
  asked('2: a prompt is needed', { prompt: undefined }, { prompt: '' }),
  asked('2: a prompt is a text', { prompt: 7 }),

  // 2: FLUX.2
  ...(
    [
      ['48x1024', 'sides from 64 px'],
      ['1000x1024', 'multiples of 16'],
      ['2064x2048', 'at most 4 MP'],
    ] as const
  ).map(([size, says]) => {
    const [width, height] = size.split('x').map(Number);
    return asked(`2: FLUX.2 makes ${says}`, { width, height }, { size });
  }),
  asked('2: a width has a height', { width: 1024 }),
  asked('2: FLUX.2 has no aspect_ratio', { aspect_ratio: '16:9' }),
  asked('2: output_format is jpeg or png', { output_format: 'webp' }, { outputFormat: 'webp' }),
  asked('2: a seed is a whole number', { seed: 1.5 }),
  asked('2: FLUX.2 tolerates at most 5', { safety_tolerance: 6 }, option('safetyTolerance', 6)),
  asked('2: [pro] has no prompt_upsampling', { prompt_upsampling: true }, option('promptUpsampling', true)),
  asked('2: disable_pup is a boolean', { disable_pup: 'yes' }, option('disablePup', 'yes')),
  asked('2: [flex] has no disable_pup', { model: 'flux-2-flex', disable_pup: true }, option('disablePup', true)),
  asked('2: [flex] takes at most 50 steps', { model: 'flux-2-flex', steps: 51 }, option('steps', 51)),
  asked('2: [flex] is guided from 1.5', { model: 'flux-2-flex', guidance: 1 }, option('guidance', 1)),
  asked('2: [flex] is guided to 10', { model: 'flux-2-flex', guidance: 10.5 }, option('guidance', 10.5)),
  asked('2: FLUX.2 takes 8 pictures', numbered(9), { images: Array(9).fill(boat) }),
  asked(
    '2: [klein] takes 4',
    { model: 'flux-2-klein-4b', ...numbered(5) },
    {
      images: Array(5).fill(boat),
    },
  ),
  asked('2: a picture is no data: URL', { input_image: `data:image/png;base64,${text(boat)}` }),
  asked('2: a picture is a picture', { input_image: text(garbage) }, { images: [garbage] }),

  // 2: FLUX 3
  ...(
    [
      ['prompt', '', { prompt: '' }],
      ['prompt', 'a'.repeat(15_001), { prompt: 'a'.repeat(15_001) }],
      ['aspect_ratio', '7:6', { aspectRatio: '7:6' as Ratio }],
      ['resolution', '8k', { resolution: '8K' }],
      ['resolution', '1K', undefined],
      ['width', 1024, { size: '1024x1024' as Size }],
      ['seed', 7, { seed: 7 }],
      ['output_format', 'png', { outputFormat: 'png' }],
      ['safety_tolerance', 5, option('safetyTolerance', 5)],
      ['grounding', 'yes', option('grounding', 'yes')],
      ['input_image', text(boat), undefined],
    ] as const
  ).map(([name, value, ask], at) =>
    asked(`2: FLUX 3 and ${name} (${at})`, { model: 'flux-3-image', [name]: value }, ask as ClientRequest | undefined),
  ),
  ...(
    [
      ['at most 10 pictures', Array<Uint8Array>(11).fill(boat)],
      ['sides from 256 px', [small]],
      ['at most 16 MP', [huge]],
      ['at most 20 MB', [heavy]],
    ] as const
  ).map(([says, images]) =>
    asked(`2: FLUX 3 takes ${says}`, { model: 'flux-3-image', images: images.map(text) }, { images: [...images] }),
  ),

  // 2: FLUX.1
  ...(['flux-pro-1.1', 'flux-dev'] as const).flatMap((model) => [
    asked(`2: ${model}: 256 px or more`, { model, width: 224, height: 1024 }, { size: '224x1024' }),
    asked(`2: ${model}: 1440 px or less`, { model, width: 1472, height: 1024 }, { size: '1472x1024' }),
    asked(`2: ${model}: multiples of 32`, { model, width: 1008, height: 1024 }, { size: '1008x1024' }),
  ]),
  ...(['flux-kontext-pro', 'flux-pro-1.1-ultra'] as const).flatMap((model) => [
    asked(`2: ${model} is not wider than 21:9`, { model, aspect_ratio: '5:2' }, { aspectRatio: '5:2' }),
    asked(`2: ${model} has no width`, { model, width: 1024, height: 1024 }, { size: '1024x1024' }),
  ]),
  asked(
    '2: Ultra: a strength is at most 1',
    { model: 'flux-pro-1.1-ultra', image_prompt_strength: 1.5 },
    {
      images: [boat],
      strength: 1.5,
    },
  ),
  asked('2: Ultra: raw is a boolean', { model: 'flux-pro-1.1-ultra', raw: 1 }, option('raw', 1)),
  asked('2: [dev] takes no picture', { model: 'flux-dev', image_prompt: text(boat) }, { images: [boat] }),

  // 2: Fill
  asked('2: Fill needs a picture', { model: 'flux-pro-1.0-fill' }, {}),
  asked(
    '2: Fill: the mask has the size of the picture',
    { model: 'flux-pro-1.0-fill', image: text(boat), mask: text(small) },
    {
      images: [boat],
      mask: small,
    },
  ),
  asked(
    '2: Fill takes 15 steps or more',
    { model: 'flux-pro-1.0-fill', image: text(boat), steps: 14 },
    {
      ...{ images: [boat], mask: boat },
      ...option('steps', 14),
    },
  ),
  asked(
    '2: Fill is guided from 1.5',
    { model: 'flux-pro-1.0-fill', image: text(boat), guidance: 1 },
    {
      ...{ images: [boat], mask: boat },
      ...option('guidance', 1),
    },
  ),
  asked('2: FLUX.1 tolerates at most 6', { model: 'flux-pro-1.1', safety_tolerance: 7 }, option('safetyTolerance', 7)),
]);
