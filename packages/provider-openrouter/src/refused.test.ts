// The sentences of docs/providers/openrouter.md that say what is refused. That what a service does not take is refused, and not
// ignored, is the strict reading.

import type { ClientRequest } from '@anyimage/core';
import { drawTestCard } from '@anyimage/testkit';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { withCatalogue } from '../test/with-catalogue.ts';
import { emulator } from './emulator.ts';

/** A request that is refused. `ask`: the same in a caller's words. */
function asked(
  says: string,
  { model = 'maker/by-resolution', ...fields }: Readonly<Record<string, unknown>>,
  ask?: ClientRequest,
  more: Partial<Refused> = {},
): Refused {
  return {
    ...{ says, to: 'images', status: 400, holds: { error: { code: 400 } } },
    json: { model, prompt: 'A red kite', ...fields },
    ...(ask && { ask: { model: `openrouter/${String(model)}`, prompt: 'A red kite', ...ask } }),
    ...more,
  };
}
const failing = (status: number): Partial<Refused> => ({ status, holds: { error: { code: status } } });
const gpt = 'openai/gpt-image-2';
const reference = (url: unknown) => ({ type: 'image_url', image_url: { url } });
const boat = drawTestCard({ prompt: 'a boat', width: 64, height: 64 });
const data = (bytes: Uint8Array, type = 'image/png') => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
const url = 'https://example.com/a.png';

refuses({ provider: (await withCatalogue(emulator)) as never, emulator }, [
  asked('5: no key is 401', {}, undefined, { ...failing(401), headers: { authorization: '' } }),
  asked('5: a wrong key is 401', {}, undefined, { ...failing(401), headers: { authorization: 'Bearer no' } }),
  asked('5: an unknown model is 404', { model: 'maker/nothing' }, undefined, failing(404)),
  asked('2: model is required', { model: '' }),
  asked('2: prompt is required', { prompt: '' }, { prompt: '' }),
  asked('2: prompt is a text', { prompt: 7 }),

  // There is no such field.
  asked('2: there is no mask', { model: gpt, mask: url }, { images: [boat], mask: boat }),
  asked('2: there is no negative prompt', { negative_prompt: 'fog' }, { negativePrompt: 'fog' }),
  asked('2: there is no strength', { strength: 0.5 }, { model: `openrouter/${gpt}`, images: [boat], strength: 0.5 }),
  asked('2: there is no style', { style: 'ink' }, { style: 'ink' }),

  // Sizes
  asked('2: 4K is not of this model', { resolution: '4K' }, { resolution: '4K' }),
  asked('2: 3K is no resolution', { resolution: '3K' }, { resolution: '3K' }),
  asked('2: 16:9 is not of this model', { aspect_ratio: '16:9' }, { aspectRatio: '16:9' }),
  asked('2: sizes in pixels are not of this model', { size: '1024x1024' }, { size: '1000x1000' }),
  asked('2: a size in pixels of another', { model: gpt, size: '1000x1000' }, { size: '1000x1000' }),
  asked('0.3: a size in pixels beside a ratio', { model: 'maker/by-pixels', size: '512x512', aspect_ratio: '1:1' }),

  // Numbers and words
  asked('2: n from 1', { n: 0 }),
  asked('2: n up to what the service makes', { n: 5 }),
  asked('2: n is whole', { n: 1.5 }),
  asked('2: n of a service of single pictures', { model: 'maker/by-quality', n: 2 }),
  asked('2: a seed is whole', { seed: 0.5 }),
  asked('2: a seed within the range', { seed: 2_147_483_648 }, { seed: 2_147_483_648 }),
  asked('2: a quality of the model', { model: gpt, quality: 'max' }, { quality: 'max' }),
  asked('2: quality is not of this model', { quality: 'high' }, { quality: 'high' }),
  asked('2: background is not of this model', { background: 'opaque' }, { background: 'opaque' }),
  asked('2: a format of the model', { model: gpt, output_format: 'svg' }, { providerOptions: { svg: true } }),
  asked(
    '2: compression up to 100',
    { model: gpt, output_format: 'jpeg', output_compression: 101 },
    { outputFormat: 'jpeg', outputCompression: 101 },
  ),
  asked(
    '2: transparent needs png or webp',
    { model: gpt, background: 'transparent', output_format: 'jpeg' },
    { background: 'transparent', outputFormat: 'jpeg' },
  ),
  asked('4: both ends of a range, and no more', { guidance_scale: 21 }, { providerOptions: { guidance_scale: 21 } }),
  asked('4: a value of the list', { scheduler: 'ddim' }, { providerOptions: { scheduler: 'ddim' } }),
  asked('4: a parameter that is not named', { cfg: 3 }, { providerOptions: { cfg: 3 } }),
  asked('2: user is a text', { user: 7 }),
  asked(
    '2: session_id up to 256',
    { session_id: 's'.repeat(257) },
    { providerOptions: { sessionId: 's'.repeat(257) } },
  ),
  asked('2: stream is true or false', { model: gpt, stream: 'yes' }),

  // References
  asked('2: references are not of this model', { input_references: [reference(url)] }, { images: [url] }),
  asked(
    '2: no more references than the model takes',
    { model: gpt, input_references: Array(5).fill(reference(url)) },
    { images: Array(5).fill(url) },
  ),
  asked('2: an empty list is no reference', { model: gpt, input_references: [] }),
  asked('2: a reference has a type', { model: gpt, input_references: [{ image_url: { url } }] }),
  ...['a.png', 'ftp://example.com/a.png', data(boat, 'image/jpeg'), data(Buffer.from('nothing')), 7].map((wrong) =>
    asked(`2: a reference is a URL or a picture, not ${String(wrong).slice(0, 30)}`, {
      model: gpt,
      input_references: [reference(wrong)],
    }),
  ),

  // Services
  asked('2: only is a list', { provider: { only: 'maker' } }, { providerOptions: { only: 'maker' } }),
  asked('2: options are by slug', { provider: { options: ['x'] } }, { providerOptions: { options: ['x'] } }),
  asked('2: sort is a word', { provider: { sort: 'beauty' } }, { providerOptions: { sort: 'beauty' } }),
  asked('2: provider has no other word', { provider: { zone: 'eu' } }),
  asked('5: no service left is 404', { provider: { only: ['nobody'] } }, undefined, failing(404)),
  asked('2: an option that the service does not have', { provider: { options: { maker: { cfg: 3 } } } }),
  asked('5: moderation is 403', { prompt: '[unsafe]' }, undefined, failing(403)),
]);
