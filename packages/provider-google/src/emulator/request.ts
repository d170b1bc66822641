// What a generateContent request may say, and to which model.

import { lookAt, type SentPicture } from '@anyimage/testkit';
import { badField, invalid } from './failures.ts';
import type { ImageModel } from './models.ts';
import { read, type Shape } from './proto.ts';

export interface Part {
  readonly text?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
  readonly fileData?: { readonly mimeType?: string; readonly fileUri: string };
}

/** A request in the service's own names. */
export interface GenerateRequest {
  readonly contents: readonly { readonly role?: string; readonly parts: readonly Part[] }[];
  readonly systemInstruction?: { readonly parts: readonly Part[] };
  readonly generationConfig?: {
    readonly responseModalities?: readonly string[];
    readonly imageConfig?: { readonly aspectRatio?: string; readonly imageSize?: string };
    readonly seed?: number;
    readonly thinkingConfig?: { readonly thinkingLevel?: string };
    readonly maxOutputTokens?: number;
    readonly candidateCount?: number;
  };
  readonly tools?: readonly { readonly googleSearch?: { readonly searchTypes?: Readonly<Record<string, unknown>> } }[];
}

const part: Shape = {
  fields: {
    text: 'string',
    thought: 'boolean',
    thoughtSignature: 'string',
    inlineData: { fields: { mimeType: 'string', data: 'string' } },
    fileData: { fields: { mimeType: 'string', fileUri: 'string' } },
  },
};
const content: Shape = { fields: { role: { oneOf: ['user', 'model'] }, parts: { list: part } } };
const empty: Shape = { fields: {} };
const thresholds = ['OFF', 'BLOCK_NONE', 'BLOCK_ONLY_HIGH', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_LOW_AND_ABOVE'];
const harms = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT'];
const request: Shape = {
  fields: {
    contents: { list: content },
    systemInstruction: content,
    generationConfig: {
      fields: {
        responseModalities: { list: { oneOf: ['TEXT', 'IMAGE'] } },
        imageConfig: { fields: { aspectRatio: 'string', imageSize: 'string' } },
        seed: 'integer',
        thinkingConfig: {
          fields: { thinkingLevel: { oneOf: ['minimal', 'low', 'medium', 'high'] }, includeThoughts: 'boolean' },
        },
        maxOutputTokens: 'integer',
        candidateCount: 'integer',
        temperature: 'number',
        topP: 'number',
        topK: 'number',
      },
    },
    safetySettings: {
      list: {
        fields: { category: { oneOf: harms.map((harm) => `HARM_CATEGORY_${harm}`) }, threshold: { oneOf: thresholds } },
      },
    },
    tools: {
      list: {
        fields: { googleSearch: { fields: { searchTypes: { fields: { webSearch: empty, imageSearch: empty } } } } },
      },
    },
  },
};

const inputTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'];
/** Of all inline data, since 2026-01-08. */
const mostBytes = 100_000_000;
const int32 = 2 ** 31;

/** Reads a body for any model. Throws the documented refusal. */
export function readRequest(body: unknown): GenerateRequest {
  if (body === undefined) throw badField('', 'Invalid JSON payload received.');
  const asked = read(body, request) as GenerateRequest;
  const { contents = [], generationConfig = {} } = asked;
  if (contents.length === 0) throw invalid('* GenerateContentRequest.contents: contents is not specified');
  if (contents.some(({ parts }) => !parts?.length)) {
    throw invalid('* GenerateContentRequest.contents.parts: contents.parts must not be empty.');
  }
  const parts = contents.flatMap((content) => content.parts);
  if (parts.reduce((sum, { inlineData }) => sum + (inlineData?.data?.length ?? 0), 0) > mostBytes) {
    throw invalid('Request payload size exceeds the limit: 104857600 bytes.');
  }
  for (const part of parts) checkPart(part);
  const { seed, candidateCount, maxOutputTokens } = generationConfig;
  if (seed !== undefined && !(seed >= -int32 && seed < int32)) {
    throw badField('generation_config.seed', `Invalid value (TYPE_INT32), ${seed}`);
  }
  if (candidateCount !== undefined && candidateCount !== 1) throw invalid('Multiple candidates is not enabled');
  if (maxOutputTokens !== undefined && maxOutputTokens < 1) throw invalid('max_output_tokens must be positive.');
  return asked;
}

/** Checks what an image model takes. Throws the documented refusal. */
export function checkImageRequest({ contents, generationConfig = {}, tools = [] }: GenerateRequest, model: ImageModel) {
  const { imageConfig = {}, thinkingConfig = {} } = generationConfig;
  const { aspectRatio, imageSize } = imageConfig;
  if (aspectRatio !== undefined && !model.ratios.includes(aspectRatio)) {
    throw invalid(`Aspect ratio ${aspectRatio} is not supported. Supported: ${model.ratios.join(', ')}`);
  }
  if (imageSize !== undefined && !model.sizes.includes(imageSize)) {
    throw invalid(`Image size ${imageSize} is not supported. Supported: ${model.sizes.join(', ') || 'none'}`);
  }
  const { thinkingLevel } = thinkingConfig;
  if (thinkingLevel !== undefined && !model.thinking.includes(thinkingLevel)) {
    throw invalid(`Thinking level ${thinkingLevel} is not supported for this model.`);
  }
  for (const { googleSearch } of tools) {
    const named = Object.keys(googleSearch?.searchTypes ?? {});
    const kinds = named.length > 0 ? named : ['webSearch'];
    if (googleSearch && !kinds.every((kind) => (model.search as readonly string[]).includes(kind))) {
      throw invalid('Search as tool is not enabled for this model.');
    }
  }
  const pictures = contents.flatMap(({ parts }) => parts).filter(({ inlineData, fileData }) => inlineData ?? fileData);
  if (pictures.length > model.inputs) throw invalid(`Too many input images: at most ${model.inputs}.`);
}

/** The first picture given, if it is inside the request. */
export function firstPicture({ contents }: GenerateRequest): SentPicture | undefined {
  const inline = contents.flatMap(({ parts }) => parts).find(({ inlineData }) => inlineData)?.inlineData;
  return inline && lookAt(Buffer.from(inline.data, 'base64'));
}

/** What the user wrote last. */
export function promptOf({ contents }: GenerateRequest): string {
  return contents
    .at(-1)!
    .parts.map(({ text = '' }) => text)
    .join(' ')
    .trim();
}

function checkPart({ text, inlineData, fileData }: Part): void {
  if ([text, inlineData, fileData].filter((each) => each !== undefined).length !== 1) {
    throw invalid('* GenerateContentRequest.contents.parts: exactly one of text, inline_data, file_data must be set');
  }
  if (text !== undefined) return;
  if (fileData && !/^https:\/\/[^/]/.test(fileData.fileUri ?? '')) throw invalid('Unsupported file URI type.');
  // A file at an address may leave its type out.
  const type = inlineData ? inlineData.mimeType : (fileData?.mimeType ?? 'image/png');
  if (!inputTypes.includes(type)) throw invalid(`Unsupported MIME type: ${type}`);
  if (!inlineData) return;
  const { data = '' } = inlineData;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(data))
    throw badField('contents.parts.inline_data.data', 'Base64 decoding failed');
  // That a type must be that of the bytes is unverified.
  if (lookAt(Buffer.from(data, 'base64'))?.mediaType !== type) throw invalid('Unable to process input image.');
}
