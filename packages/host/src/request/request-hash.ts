// What makes two requests the same: what they mean, however it is spelled, and the bytes of their input pictures, wherever they lie.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClientRequest, isRecord, type LazyProvider, type Plan } from '@anyimage/core';
import { hashFile } from '../files/file-hash.ts';
import { findModel } from '../services/find-model.ts';
import { bytesIn, isFileName } from '../text/input-name.ts';

/** The words of a request as core gets them, its pictures named by texts. */
export interface NamedRequest {
  readonly prompt?: string;
  readonly model?: string | readonly string[];
  readonly images?: readonly string[];
  readonly mask?: string;
  readonly [word: string]: unknown;
}

export interface HashOptions {
  /** Whose names of models are known. */
  readonly providers: readonly LazyProvider[];
  /** What the request would send. Asks no service. */
  readonly plan: (request: ClientRequest) => Promise<Plan>;
}

/**
 * SHA-256, hexadecimal, in the order to look for them: requests are the same that have one of them in common. What would be sent comes
 * first: other words may come to the same. The words follow: they stay as they are when tables change. Never rejects.
 */
export async function requestHashes(
  request: NamedRequest,
  { providers, plan }: HashOptions,
): Promise<readonly string[]> {
  const meant = meantWords(request, providers);
  const pictures = await pictureMarks(request);
  const written = hashOf({ words: { ...meant, ...pictures } });
  if (!isPlanned(request)) return [written];
  const planned = await plan({ ...request, prompt: meant.prompt ?? '' } as ClientRequest).catch(() => undefined);
  return planned ? [planHash(planned, meant, pictures), written] : [written];
}

/**
 * Whether a plan is made to know a request by: not where it would fetch pictures, nor where it would bring them into the form of every
 * model that `auto` may take.
 */
function isPlanned({ model, images = [], mask = '' }: NamedRequest): boolean {
  const names = [...images, mask];
  return !names.some((name) => /^https?:/i.test(name)) && (images.length === 0 || ![model].flat().includes('auto'));
}

/**
 * Without what says nothing, with the models by their full names, and with other names as they are known in any capitals. How much it may
 * cost and what is adapted makes no other request.
 */
function meantWords(request: NamedRequest, providers: readonly LazyProvider[]): NamedRequest {
  const {
    prompt,
    model,
    n,
    translate,
    route,
    negotiation: _,
    applied: __,
    images: ___,
    mask: ____,
    ...others
  } = request;
  const models = [model ?? []].flat().map((name) => fullName(name, providers));
  const prefer = models.includes('auto') && isRecord(route) ? route.prefer : undefined;
  return {
    ...spelledAlike(others),
    ...(prompt !== undefined && { prompt: prompt.trim() }),
    ...(models.length > 0 && { model: models.length === 1 ? models[0]! : models }),
    ...(n !== 1 && { n }),
    ...(translate !== 'auto' && { translate }),
    ...(prefer !== undefined && { prefer }),
  };
}

/** Words whose values are known in any capitals. */
const names = ['quality', 'style', 'background', 'outputFormat', 'operation', 'enhance', 'resolution'];

function spelledAlike(words: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const spelled = Object.entries(words).map(([word, value]) => {
    if (typeof value !== 'string') return [word, value];
    return [
      word,
      word === 'aspectRatio' ? lowestTerms(value) : names.includes(word) ? value.trim().toLowerCase() : value,
    ];
  });
  return Object.fromEntries(spelled);
}

/** `16:9` for `32:18`; what is no ratio of whole numbers as it is. */
function lowestTerms(ratio: string): string {
  const [, width = '', height = ''] = /^(\d{1,6}):(\d{1,6})$/.exec(ratio.trim()) ?? [];
  let [divisor, rest] = [Number(width), Number(height)];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return divisor > 0 ? `${Number(width) / divisor}:${Number(height) / divisor}` : ratio;
}

/** `cogview/cogview-4-250304` for `cogview`. */
function fullName(name: string, providers: readonly LazyProvider[]): string {
  const found = findModel(providers, name);
  return found ? `${found.definition.id}/${found.id}` : name;
}

/** Input pictures by their bytes. */
interface PictureMarks {
  readonly images?: readonly string[];
  readonly mask?: string;
}

async function pictureMarks({ images, mask }: NamedRequest): Promise<PictureMarks> {
  return {
    ...(images && { images: await Promise.all(images.map(pictureMark)) }),
    ...(mask !== undefined && { mask: await pictureMark(mask) }),
  };
}

/** A picture that cannot be read, or is elsewhere, counts by its name. */
async function pictureMark(name: string): Promise<string> {
  const bytes = bytesIn(name);
  if (bytes) return createHash('sha256').update(bytes).digest('hex');
  if (!isFileName(name)) return name;
  try {
    return await hashFile(/^file:/i.test(name) ? fileURLToPath(name) : resolve(name));
  } catch {
    return name;
  }
}

/**
 * What is asked of the prompt is no part of the calls; who asks for another seed wants another picture, also where there are no seeds; and
 * of several models another may draw after all.
 */
function planHash({ model, operation, calls }: Plan, words: NamedRequest, pictures: PictureMarks): string {
  const { model: asked, prefer, seed, style, enhance, translate, providerOptions } = words;
  const choice = Array.isArray(asked) || asked === 'auto' ? { asked, prefer } : {};
  return hashOf({
    plan: { model, operation, calls, seed, style, enhance, translate, providerOptions, ...choice, ...pictures },
  });
}

/** SHA-256 of a value as JSON, hexadecimal: the same whatever order its members have. */
export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

/** With the members of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
