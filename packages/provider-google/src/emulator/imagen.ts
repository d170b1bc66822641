// A gateway that still answers Imagen's `:predict`, as the service itself did until 2026-08-17.

import type { Exchange, Reply } from '@anyimage/testkit';
import { invalid, noModel, Refused } from './failures.ts';
import { read, type Shape } from './proto.ts';

interface PredictRequest {
  readonly instances: readonly { readonly prompt: string }[];
  readonly parameters?: {
    readonly sampleCount?: number;
    readonly aspectRatio?: string;
    readonly sampleImageSize?: string;
    readonly includeRaiReason?: boolean;
  };
}

const shape: Shape = {
  fields: {
    instances: { list: { fields: { prompt: 'string' } } },
    parameters: {
      fields: {
        sampleCount: 'integer',
        aspectRatio: { oneOf: ['1:1', '3:4', '4:3', '9:16', '16:9'] },
        sampleImageSize: { oneOf: ['1K', '2K'] },
        personGeneration: 'string',
        includeRaiReason: 'boolean',
        includeSafetyAttributes: 'boolean',
        safetySetting: 'string',
        language: 'string',
        guidanceScale: 'number',
        outputOptions: { fields: { mimeType: 'string' } },
      },
    },
  },
};

/** USD for one picture. */
const prices: Readonly<Record<string, number>> = {
  'imagen-4.0-generate-001': 0.04,
  'imagen-4.0-ultra-generate-001': 0.06,
  'imagen-4.0-fast-generate-001': 0.02,
};
/** Sizes of Imagen's pictures are unverified. */
const sizes: Readonly<Record<string, readonly [number, number]>> = {
  '1:1': [1024, 1024],
  '3:4': [896, 1280],
  '4:3': [1280, 896],
  '9:16': [768, 1408],
  '16:9': [1408, 768],
};

/** Pictures; `[unsafe]` in the prompt has the second of them filtered, or the only one. */
export function predict(exchange: Exchange, model: string): Reply {
  const price = prices[model];
  if (price === undefined) throw new Refused(noModel(model, 'predict'));
  const { instances, parameters = {} } = read(exchange.body, shape) as PredictRequest;
  const { sampleCount = 1, aspectRatio = '1:1', sampleImageSize = '1K', includeRaiReason = false } = parameters;
  const prompt = instances?.[0]?.prompt;
  if (!prompt || instances.length !== 1) throw invalid('Exactly one instance with a prompt is expected.');
  // Words stand for tokens: there are no fewer tokens than words.
  if (prompt.trim().split(/\s+/).length > 480) throw invalid('The prompt has more than 480 tokens.');
  if (sampleCount < 1 || sampleCount > 4) throw invalid('sampleCount must be between 1 and 4.');
  if (sampleImageSize === '2K' && model.includes('-fast-')) throw invalid('sampleImageSize is not supported.');
  const scale = sampleImageSize === '2K' ? 2 : 1;
  const [width, height] = sizes[aspectRatio]!;
  const filtered = prompt.includes('[unsafe]') ? Math.min(1, sampleCount - 1) : -1;
  const predictions = Array.from({ length: sampleCount }, (_, index) => {
    if (index === filtered) return { raiFilteredReason: 'The picture was filtered: it violates the policy.' };
    const bytes = exchange.pictureBytes({ prompt, width: width * scale, height: height * scale, seed: index });
    return { mimeType: 'image/png', bytesBase64Encoded: Buffer.from(bytes).toString('base64') };
  }).filter((entry) => includeRaiReason || !('raiFilteredReason' in entry));
  const made = predictions.filter((entry) => 'bytesBase64Encoded' in entry).length;
  return { cost: price * made, json: { predictions } };
}
