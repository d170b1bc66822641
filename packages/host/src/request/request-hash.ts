// What makes two requests the same: what they mean, however it is spelled, and the bytes of their input pictures, wherever they lie.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClientRequest, isRecord, type LazyProvider, type Plan } from '@anyimage/core';
import { hashFile } from '../files/file-hash.ts';
import { findModel } from '../services/find-model.ts';
import { isFileName } from '../text/input-name.ts';

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
  const written = await wordsHash(meant);
  if (!isPlain(meant)) return [written];
  const planned = await plan({ ...request, prompt: meant.prompt ?? '' } as ClientRequest).catch(() => undefined);
  return planned ? [planHash(planned, meant), written] : [written];
}

/** Whether a plan says all that would be sent: pictures are only described in it, and of several models another may draw after all. */
function isPlain({ model, images = [], mask }: NamedRequest): boolean {
  return typeof model === 'string' && model !== 'auto' && images.length === 0 && mask === undefined;
}

/** Without what says nothing, and with the models by their full names. How much it may cost and what is adapted makes no other request. */
function meantWords(request: NamedRequest, providers: readonly LazyProvider[]): NamedRequest {
  const { prompt, model, n, translate, route, negotiation: _, applied: __, ...others } = request;
  const models = [model ?? []].flat().map((name) => fullName(name, providers));
  const prefer = models.includes('auto') && isRecord(route) ? route.prefer : undefined;
  return {
    ...others,
    ...(prompt !== undefined && { prompt: prompt.trim() }),
    ...(models.length > 0 && { model: models.length === 1 ? models[0]! : models }),
    ...(n !== 1 && { n }),
    ...(translate !== 'auto' && { translate }),
    ...(prefer !== undefined && { prefer }),
  };
}

/** `cogview/cogview-4-250304` for `cogview`. */
function fullName(name: string, providers: readonly LazyProvider[]): string {
  const found = findModel(providers, name);
  return found ? `${found.definition.id}/${found.id}` : name;
}

/** A picture that cannot be read counts by its name: core refuses it. */
async function wordsHash({ images, mask, ...words }: NamedRequest): Promise<string> {
  const pictures = images && (await Promise.all(images.map(pictureMark)));
  const cover = mask === undefined ? undefined : await pictureMark(mask);
  return hashOf({ words: { ...words, images: pictures, mask: cover } });
}

/** What is asked of the prompt is no part of the calls; and who asks for another seed wants another picture, also where there are no seeds. */
function planHash({ model, operation, calls }: Plan, words: NamedRequest): string {
  const { seed, style, enhance, translate, providerOptions } = words;
  return hashOf({ plan: { model, operation, calls, seed, style, enhance, translate, providerOptions } });
}

function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

async function pictureMark(name: string): Promise<string> {
  if (!isFileName(name)) return name;
  try {
    return await hashFile(/^file:/i.test(name) ? fileURLToPath(name) : resolve(name));
  } catch {
    return name;
  }
}

/** With the members of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
