import { randomInt } from 'node:crypto';
import { defineProvider, type InputImage, type Json, type Output, type ProviderCall } from '@anyimage/core';
import { models } from './capabilities.ts';
import type { Time } from './data/moments.ts';
import type { StyleId } from './data/styles.ts';
import { asDrawn } from './draw/drawn.ts';
import { composeScene } from './draw/scene.ts';
import { edit } from './edit/edit.ts';
import { inpaint } from './edit/inpaint.ts';
import { outpaint } from './edit/outpaint.ts';
import { upscale } from './edit/upscale.ts';
import { decode, type Encoding, encode, mediaTypes, type Pixels } from './pixels/pixels.ts';
import { readPrompt } from './read/read-prompt.ts';
import type { Reading } from './read/reading.ts';
import { render } from './render.ts';

/** How many different seeds there are: the table's largest, and 0. */
const seeds = models['sketch-1'].operations.generate.seed.max + 1;

/**
 * The embedded default: draws a picture from the prompt on this machine, offline, with no key and no neural model.
 * `generate` composes a scene from the prompt's words; the same prompt, size, seed and options give the same bytes. `edit`,
 * `inpaint`, `outpaint` and `upscale` change a picture as far as that is possible without seeing what is on it.
 */
export const sketch = defineProvider({
  id: 'sketch',
  label: 'Sketch (on this machine)',
  models,
  defaultModel: 'sketch-1',
  // The contract wants an address; nothing is ever sent to it.
  regions: { local: { label: 'This machine', baseURL: 'http://127.0.0.1' } },
  keys: [],
  sign: () => ({}),

  async generate(call, context) {
    const first = call.seed ?? randomInt(seeds);
    const make = makers[call.operation as keyof typeof makers];
    const outputs: Output[] = [];
    for (let index = 0; index < call.n; index++) {
      context.signal.throwIfAborted();
      context.report({ phase: 'running', fraction: index / call.n });
      outputs.push(await make(call, (first + index) % seeds, context.signal));
    }
    context.report({ phase: 'running', fraction: 1 });
    return { outputs, cost: { amount: 0, currency: 'USD', estimated: false }, metadata: { engine: 'procedural' } };
  },
});

/** One picture of a call, by operation. */
type Maker = (call: ProviderCall, seed: number, signal: AbortSignal) => Promise<Output>;

const makers = {
  async generate(call, seed, signal) {
    const { width, height } = call.size ?? { width: 1024, height: 1024 };
    const { time, horizon, grain } = call.options as { time?: Time; horizon?: number; grain?: boolean };
    const reading = asDrawn(readPrompt(call.prompt, call.negativePrompt));
    const style = styleIn(call) ?? reading.style;
    const scene = composeScene({ prompt: call.prompt, reading, width, height, seed, time, horizon, grain, style });
    const encoding = encodingOf(call);
    const metadata = {
      engine: 'procedural',
      understood: asJson(reading),
      time: scene.time,
      weather: scene.weather,
      season: scene.season,
      ground: scene.ground,
      style: style ?? 'natural',
    };
    const bytes = await render(scene.svg, { style, feeling: reading.feeling }, encoding, signal);
    return { bytes, mediaType: mediaTypes[encoding.format], seed, metadata };
  },

  async edit(call, seed, signal) {
    const order = { prompt: call.prompt, style: styleIn(call), strength: call.strength ?? 1, seed };
    const { pixels, looks, added, style } = await edit(await input(call, signal), order, signal);
    return finished(call, pixels, seed, { looks, added: asJson(added), style });
  },

  async inpaint(call, seed, signal) {
    const mask = await decode(bytesOf(call.mask), 'the mask');
    const { prompt, negativePrompt } = call;
    const order = { prompt, negativePrompt, style: styleIn(call), seed };
    const { pixels, understood, style } = await inpaint(await input(call, signal), mask, order, signal);
    return finished(call, pixels, seed, { understood: asJson(understood), style });
  },

  async outpaint(call, seed, signal) {
    const expand = call.expand ?? { top: 0, right: 0, bottom: 0, left: 0 };
    const { pixels, added } = await outpaint(await input(call, signal), expand, { prompt: call.prompt, seed }, signal);
    return finished(call, pixels, seed, { added: asJson(added) });
  },

  async upscale(call, _, signal) {
    const factor = call.factor ?? 2;
    return finished(call, await upscale(await input(call, signal), factor), undefined, { factor });
  },
} as const satisfies Record<keyof (typeof models)['sketch-1']['operations'], Maker>;

async function input(call: ProviderCall, signal: AbortSignal): Promise<Pixels> {
  const pixels = await decode(bytesOf(call.images[0]));
  signal.throwIfAborted();
  return pixels;
}

function bytesOf(image: InputImage | undefined): Uint8Array {
  if (image?.as !== 'bytes') throw new TypeError('sketch takes pictures as bytes');
  return image.bytes;
}

async function finished(
  call: ProviderCall,
  pixels: Pixels,
  seed: number | undefined,
  facts: { readonly [name: string]: Json },
): Promise<Output> {
  const encoding = encodingOf(call);
  const bytes = await encode(pixels, encoding);
  const metadata = { engine: 'procedural', ...facts };
  return { bytes, mediaType: mediaTypes[encoding.format], ...(seed !== undefined && { seed }), metadata };
}

function styleIn({ style }: ProviderCall): StyleId | undefined {
  return style as StyleId | undefined;
}

function encodingOf({ outputFormat = 'png', outputCompression }: ProviderCall): Encoding {
  return { format: outputFormat, ...(outputCompression !== undefined && { compression: outputCompression }) };
}

function asJson(reading: Reading): Json {
  return reading as unknown as Json;
}
