// One picture of a call: what each operation of the table draws.

import { type InputBytes, type Json, type Output, type ProviderCall, present } from '@anyimage/core';
import type { models } from './capabilities.ts';
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

/** A call of this provider, whose rows take pictures as bytes alone. */
type Call = ProviderCall<InputBytes>;

/** One picture of a call, by operation. */
type Maker = (call: Call, seed: number, signal: AbortSignal) => Promise<Output>;

export const makers = {
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
    const mask = await decode(call.mask!.bytes, 'the mask');
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

async function input(call: Call, signal: AbortSignal): Promise<Pixels> {
  const pixels = await decode(call.images[0]!.bytes);
  signal.throwIfAborted();
  return pixels;
}

async function finished(
  call: Call,
  pixels: Pixels,
  seed: number | undefined,
  facts: { readonly [name: string]: Json },
): Promise<Output> {
  const encoding = encodingOf(call);
  const bytes = await encode(pixels, encoding);
  const metadata = { engine: 'procedural', ...facts };
  return present({ bytes, mediaType: mediaTypes[encoding.format], seed, metadata });
}

function styleIn({ style }: ProviderCall): StyleId | undefined {
  return style as StyleId | undefined;
}

function encodingOf({ outputFormat = 'png', outputCompression }: ProviderCall): Encoding {
  return present({ format: outputFormat, compression: outputCompression });
}

function asJson(reading: Reading): Json {
  return reading as unknown as Json;
}
