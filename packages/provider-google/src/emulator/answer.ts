// What the emulated models answer.

import { drawTestCard, type Exchange, type Reply, writeText } from '@anyimage/testkit';
import { blockedPrompt } from './failures.ts';
import { type ImageModel, imageTokens, nearestRatio, sizeOf } from './models.ts';
import { firstPicture, type GenerateRequest, promptOf } from './request.ts';

type Json = Readonly<Record<string, unknown>>;

/** Words in a prompt that choose an outcome without a picture, and the candidate that comes instead. */
const outcomes: Readonly<Record<string, Json>> = {
  '[unsafe picture]': { finishReason: 'IMAGE_SAFETY', finishMessage: 'The generated image violated the policy.' },
  '[recitation]': { finishReason: 'IMAGE_RECITATION' },
  '[no image]': { finishReason: 'NO_IMAGE', finishMessage: 'Unable to show the generated image.' },
  '[words]': { finishReason: 'STOP', content: textContent('A paper boat is a small boat folded from paper.') },
  '[refuse]': { finishReason: 'STOP', content: textContent("I'm sorry, I cannot make that picture.") },
};

/** How many tokens a text model spends on thinking unless told to think little. */
const thoughtTokens = 200;

/** A picture, after a draft where the model thinks, or what the prompt asks for in its place. */
export function imageAnswer(exchange: Exchange, asked: GenerateRequest, id: string, model: ImageModel): Reply {
  const prompt = promptOf(asked);
  const counts = { promptTokenCount: [...prompt].length + 4 };
  if (/\[unsafe\]/.test(prompt)) return blockedPrompt;
  const instead = Object.entries(outcomes).find(([words]) => prompt.includes(words))?.[1];
  if (instead) {
    const totals = { ...counts, totalTokenCount: counts.promptTokenCount };
    return { json: wrapped(exchange, id, { index: 0, ...instead }, totals) };
  }
  const {
    responseModalities = ['TEXT', 'IMAGE'],
    imageConfig = {},
    seed,
    thinkingConfig,
  } = asked.generationConfig ?? {};
  const given = firstPicture(asked);
  const size = imageConfig.imageSize ?? (model.sizes.includes('1K') ? '1K' : model.sizes[0]!);
  const ratio =
    imageConfig.aspectRatio ??
    (given?.width && given.height ? nearestRatio(given.width, given.height, model.ratios) : '1:1');
  const card = { prompt, ...sizeOf(ratio, size), ...(seed !== undefined && { seed }) };
  // Drawn first: a fault that waits for a picture strikes the one that counts.
  const picture = exchange.pictureBytes(card);
  const level = thinkingConfig?.thinkingLevel;
  const thinks = level === undefined ? model.thinks === 'yes' : level !== 'minimal';
  const draft = () => ({
    thought: true,
    ...inline(drawTestCard({ ...card, prompt: `draft of ${prompt}`, width: 64, height: 64 })),
  });
  const final = { ...inline(picture), thoughtSignature: Buffer.alloc(4500, prompt).toString('base64') };
  const parts = [
    ...(thinks ? [{ text: 'Planning the picture.', thought: true }, draft()] : []),
    ...(prompt.includes('[only draft]')
      ? []
      : [...(responseModalities.includes('TEXT') ? [{ text: 'Here it is.' }] : []), final]),
  ];
  const imageOut = model.tokens?.[size] ?? imageTokens[size]!;
  const thoughtsTokenCount = thinks ? thoughtTokens : 0;
  const searched = asked.tools?.some(({ googleSearch }) => googleSearch);
  const candidate = {
    index: 0,
    finishReason: 'STOP',
    content: { role: 'model', parts },
    ...(searched && { groundingMetadata: { webSearchQueries: [prompt] } }),
  };
  const usage = {
    ...counts,
    candidatesTokenCount: imageOut,
    ...(thinks && { thoughtsTokenCount }),
    totalTokenCount: counts.promptTokenCount + imageOut + thoughtsTokenCount,
    candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: imageOut }],
  };
  const [read, thought] = model.text ?? [0, 0];
  const cost = model.prices[size]! + (counts.promptTokenCount * read + thoughtsTokenCount * thought) / 1e6;
  return { cost, json: wrapped(exchange, id, candidate, usage) };
}

/** Writes as every emulated text model does; thinking uses up the tokens it is given. */
export function textAnswer(exchange: Exchange, asked: GenerateRequest, id: string): Reply {
  const prompt = promptOf(asked);
  if (prompt.includes('[unsafe]')) return blockedPrompt;
  const { maxOutputTokens = Infinity, thinkingConfig } = asked.generationConfig ?? {};
  const thoughts = thinkingConfig?.thinkingLevel === 'minimal' ? 0 : thoughtTokens;
  const isCut = thoughts >= maxOutputTokens;
  const system = (asked.systemInstruction?.parts ?? []).map(({ text = '' }) => text).join(' ');
  const text = writeText(system, prompt);
  const candidate = isCut
    ? { index: 0, finishReason: 'MAX_TOKENS' }
    : { index: 0, finishReason: 'STOP', content: textContent(text) };
  const promptTokenCount = [...prompt].length + 12;
  const candidatesTokenCount = isCut ? 0 : [...text].length;
  const usage = {
    promptTokenCount,
    candidatesTokenCount,
    ...(thoughts && { thoughtsTokenCount: thoughts }),
    totalTokenCount: promptTokenCount + candidatesTokenCount + thoughts,
  };
  return { json: wrapped(exchange, id, candidate, usage) };
}

/** The same answer as server-sent events: one for each part, the last with the rest of it. */
export function streamed(reply: Reply): Reply {
  const whole = reply.json as { candidates?: { content?: { parts: Json[] } }[] };
  const [candidate] = whole.candidates ?? [];
  const parts = candidate?.content?.parts ?? [];
  const pieces = parts
    .slice(0, -1)
    .map((part) => ({ candidates: [{ index: 0, content: { role: 'model', parts: [part] } }] }));
  const last = parts.length
    ? { ...whole, candidates: [{ ...candidate, content: { role: 'model', parts: parts.slice(-1) } }] }
    : whole;
  const body = [...pieces, last].map((piece) => `data: ${JSON.stringify(piece)}\r\n\r\n`).join('');
  return { body, type: 'text/event-stream', ...(reply.cost !== undefined && { cost: reply.cost }) };
}

function wrapped(exchange: Exchange, model: string, candidate: Json, usageMetadata: Json): Json {
  return { candidates: [candidate], usageMetadata, modelVersion: model, responseId: exchange.nextId('r') };
}

function inline(bytes: Uint8Array) {
  return { inlineData: { mimeType: 'image/png', data: Buffer.from(bytes).toString('base64') } };
}

function textContent(text: string) {
  return { role: 'model', parts: [{ text }] };
}
