// From what a caller asks and what a model can do to the calls to make, or to an error that says what would do.
// Pure: nothing is read, sent or remembered.

import {
  type Day,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  modelStatus,
  type Operation,
  rowFor,
} from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import { present } from '../contract/objects.ts';
import type { CallDraft, Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { settleChoice, spelled } from './choices.ts';
import { estimate } from './estimate.ts';
import { checkImages, checkMask } from './inputs.ts';
import { nearest } from './nearest.ts';
import { settleOptions } from './provider-options.ts';
import { type Session, toError } from './session.ts';
import { settleDimensions } from './shape/shape.ts';
import { checkSeries, splitCalls } from './split.ts';
import {
  checkPrompt,
  settleCompression,
  settleExpand,
  settleFactor,
  settleNegativePrompt,
  settlePartials,
  settleSeed,
  settleStrength,
  settleUser,
} from './words.ts';

/** Who is asked. */
export interface Target {
  readonly provider: string;
  /** The model's id in the table. */
  readonly model: string;
  readonly row: ModelCapabilities;
  readonly region: string;
}

/** What will be sent, and how it differs from what was asked. */
export interface Negotiated {
  readonly operation: Operation;
  readonly limits: Limits;
  readonly calls: readonly CallDraft[];
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
  /** For all calls; `null` = unknown. */
  readonly estimate: Money | null;
}

/**
 * Decides every word of a request for one model. Without `adapt`, what the model does not take is refused. With it, size,
 * aspect ratio, resolution, quality and output format move to the nearest that costs no more (or are left out where the model
 * has none), and seed, style and user are left out; everything else is still refused. Each change is in `applied`. `today`
 * decides on the model's status; a retired model is the caller's business.
 *
 * Throws `unsupported` (this model cannot) or `invalid-request` (no model could), with `details`: `option`, `asked`,
 * `allowed`, `nearest` (a list, best first) and, if there is more than one problem, `also` (a list of `option` and `message`).
 */
export function negotiate(
  request: ParsedRequest,
  target: Target,
  { adapt, today }: { readonly adapt: boolean; readonly today: Day },
): Negotiated {
  const session = open(request, target, adapt);
  const { operation, limits } = session;
  const model = settleModel(session, target);
  warnOfStatus(session, today);

  checkPrompt(session);
  const negativePrompt = settleNegativePrompt(session);
  checkImages(session);
  checkMask(session);
  const options = settleOptions(session);
  checkSeries(session, options);
  const quality = spelled(session, 'quality') ?? request.quality;
  session.asked = { ...session.asked, images: request.images, options, quality };
  session.sent = session.asked;
  const dimensions = settleDimensions(session);
  const outputFormat = settleChoice(session, 'outputFormat');
  const draft: CallDraft = present({
    model,
    operation,
    limits,
    prompt: request.prompt,
    negativePrompt,
    n: request.n,
    ...dimensions,
    quality: settleChoice(session, 'quality'),
    style: settleChoice(session, 'style'),
    background: settleChoice(session, 'background'),
    outputFormat,
    outputCompression: settleCompression(session, outputFormat),
    seed: settleSeed(session, options),
    images: request.images,
    mask: request.mask,
    strength: settleStrength(session),
    factor: settleFactor(session),
    expand: settleExpand(session),
    partials: settlePartials(session),
    user: settleUser(session),
    options,
  });
  if (session.problems.length) throw toError(session);

  const calls = splitCalls(session, draft);
  const { applied, warnings } = session;
  return { operation, limits, calls, applied, warnings, estimate: estimate(calls, target.region) };
}

/** Finds out what is to be done. Throws if that cannot be: no other word can be judged then. */
function open(request: ParsedRequest, { provider, model, row: given, region }: Target, adapt: boolean): Session {
  const name = `${provider}/${model}`;
  const row = rowFor(given, model, request.providerOptions);
  if (request.mask && request.images.length === 0) {
    throw new ImageError('invalid-request', 'a mask is given without a picture', {
      details: { option: 'mask', asked: 'a mask', allowed: null, nearest: [] },
      hint: 'Give the picture that the mask belongs to in images.',
    });
  }
  const operation = operationOf(request);
  const limits = limitsOf(row, operation);
  if (!limits) {
    const known = Object.keys(row.operations);
    const derived = request.operation === undefined && operation !== 'generate';
    throw new ImageError('unsupported', `${name} cannot ${operation}; it can ${known.join(', ')}`, {
      provider,
      model: name,
      details: { option: 'operation', asked: operation, allowed: known, nearest: nearest(operation, known) },
      hint: derived ? `Choose another model, or leave out ${inputOf(request)}.` : `Use one of: ${known.join(', ')}.`,
    });
  }
  const words = { region };
  const found = { problems: [], applied: [], warnings: [] };
  return { request, operation, limits, row, name, region, adapt, ...found, asked: words, sent: words };
}

/** The words that say what is to be done, the pictures in any form. */
export interface OperationWords {
  readonly operation?: Operation;
  readonly mask?: unknown;
  readonly expand?: unknown;
  readonly factor?: unknown;
  readonly images?: readonly unknown[];
}

/** The operation that is named, or follows from the inputs. */
export function operationOf({ operation, mask, expand, factor, images = [] }: OperationWords): Operation {
  if (operation) return operation;
  if (mask) return 'inpaint';
  if (expand) return 'outpaint';
  if (factor !== undefined) return 'upscale';
  return images.length > 0 ? 'edit' : 'generate';
}

/** The word that made the request more than `generate`. */
function inputOf({ mask, expand, factor }: ParsedRequest): string {
  if (mask) return 'mask';
  if (expand) return 'expand';
  return factor === undefined ? 'images' : 'factor';
}

/** The model's id in the region. */
function settleModel(session: Session, { provider, model, row, region }: Target): string {
  if (!row.regions) return model;
  const there = row.regions[region];
  if (!there) {
    const regions = Object.keys(row.regions);
    session.problems.push({
      option: 'region',
      asked: region,
      allowed: regions,
      nearest: regions,
      message: `${session.name} is not offered in region ${region}; it is in ${regions.join(', ')}`,
      hint: `Use region ${regions.map((other) => JSON.stringify(other)).join(' or ')} with a key of that region.`,
    });
    return model;
  }
  const { id = model } = there;
  if (id !== model) {
    const because = `its id in region ${region}`;
    session.applied.push({ option: 'model', asked: session.name, sent: `${provider}/${id}`, because });
  }
  return id;
}

function warnOfStatus({ row, name, warnings }: Session, today: Day): void {
  const status = modelStatus(row, today);
  if (status === 'preview') {
    warnings.push({ code: 'preview', message: `${name} is a preview: it may change or end without notice` });
  }
  if (status === 'retired') {
    warnings.push({
      code: 'deprecated',
      message: `the service retired ${name} on ${row.retires}; this host may still have it`,
    });
  }
  if (status !== 'deprecated') return;
  const end = row.retires ? `, ends ${row.retiresUnsure ? 'probably ' : ''}on ${row.retires}` : '';
  const instead = row.successor ? `; its successor is ${row.successor}` : '';
  warnings.push({ code: 'deprecated', message: `${name} is deprecated since ${row.deprecated}${end}${instead}` });
}
