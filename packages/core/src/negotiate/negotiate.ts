// From what a caller asks and what a model can do to the calls to make, or to an error that says what would do.
// Pure: nothing is read, sent or remembered.

import {
  type Day,
  type Limits,
  limitsOf,
  type ModelCapabilities,
  modelStatus,
  type Operation,
  operationIn,
  rowFor,
  rowIn,
} from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import { present } from '../contract/objects.ts';
import type { CallDraft, Money } from '../contract/provider.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { askedQuality, negotiateChoice, negotiateQuality } from './choices.ts';
import { estimate, type PriceBasis } from './estimate.ts';
import { checkImages, checkMask } from './inputs.ts';
import { nearest } from './nearest.ts';
import {
  negotiateCompression,
  negotiateExpand,
  negotiateFactor,
  negotiatePartials,
  negotiateSeed,
  negotiateStrength,
} from './numbers.ts';
import { negotiateOptions } from './provider-options.ts';
import { checkSeries, shareOut } from './series.ts';
import { type Session, toError } from './session.ts';
import { negotiateShape } from './shape/shape.ts';
import { checkPrompt, negotiateNegativePrompt, negotiateUser } from './texts.ts';

/** Who is asked. */
export interface Target {
  readonly provider: string;
  /** The model's id in the table. */
  readonly model: string;
  readonly row: ModelCapabilities;
  readonly region: string;
}

export interface NegotiateOptions {
  readonly adapt: boolean;
  readonly today: Day;
  /** A refusal names the words, and does not look for what would be taken instead, which takes long; default false. */
  readonly isTerse?: boolean;
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
 * Decides every word of a request for one model. Without `adapt`, what the model does not take is refused. With it,
 * size, aspect ratio, resolution, quality and output format move to the nearest that costs no more (or are left out
 * where the model has none), and seed, style and user are left out; everything else is still refused. Each change is in
 * `applied`. `today` decides on the model's status; a retired model is the caller's business.
 *
 * Throws `unsupported` (this model cannot) or `invalid-request` (no model could), with `details`: `option`, `asked`,
 * `allowed`, `nearest` (a list, best first) and, if there is more than one problem, `also` (a list of `option` and
 * `message`).
 */
export function negotiate(
  request: ParsedRequest,
  target: Target,
  { adapt, today, isTerse = false }: NegotiateOptions,
): Negotiated {
  const session = openSession(request, target, { adapt, isTerse });
  const { operation, limits, applied, warnings } = session;
  const model = idInRegion(session, target);
  warnOfStatus(session, rowIn(session.row, target.region), today);

  checkPrompt(session);
  const negativePrompt = negotiateNegativePrompt(session);
  checkImages(session);
  checkMask(session);
  const options = negotiateOptions(session);
  checkSeries(session, options);
  const asked = askedBasis(session, target.region, options);
  const { shape, pricing } = negotiateShape(session, { asked, sent: asked });
  const outputFormat = negotiateChoice(session, 'outputFormat');
  const draft: CallDraft = present({
    model,
    operation,
    limits,
    prompt: request.prompt,
    negativePrompt,
    n: request.n,
    ...shape,
    quality: negotiateQuality(session, pricing),
    style: negotiateChoice(session, 'style'),
    background: negotiateChoice(session, 'background'),
    outputFormat,
    outputCompression: negotiateCompression(session, outputFormat),
    seed: negotiateSeed(session, options),
    images: request.images,
    mask: request.mask,
    strength: negotiateStrength(session),
    factor: negotiateFactor(session),
    expand: negotiateExpand(session),
    partials: negotiatePartials(session),
    user: negotiateUser(session),
    options,
  });
  if (session.problems.length) throw toError(session);

  const calls = shareOut(session, draft).map((share) => ({ ...draft, ...share }));
  return { operation, limits, calls, applied, warnings, estimate: estimate(calls, target.region) };
}

/** Finds out what is to be done. Throws if that cannot be: no other word can be judged then. */
function openSession(request: ParsedRequest, target: Target, how: Pick<Session, 'adapt' | 'isTerse'>): Session {
  const name = `${target.provider}/${target.model}`;
  const row = rowFor(target.row, target.model, request.providerOptions);
  if (request.mask && request.images.length === 0) {
    throw new ImageError('invalid-request', 'a mask is given without a picture', {
      details: { option: 'mask', asked: 'a mask', allowed: null, nearest: [] },
      hint: 'Give the picture that the mask belongs to in images.',
    });
  }
  const named = operationOf(request);
  const operation = operationIn(row, named) ?? named;
  const limits = limitsOf(row, operation);
  if (!limits) throw noSuchOperation(request, target, Object.keys(row.operations));
  return { request, operation, limits, row, name, ...how, problems: [], applied: [], warnings: [] };
}

function noSuchOperation(request: ParsedRequest, { provider, model }: Target, known: readonly string[]): ImageError {
  const name = `${provider}/${model}`;
  const operation = operationOf(request);
  const isDerived = request.operation === undefined && operation !== 'generate';
  return new ImageError('unsupported', `${name} cannot ${operation}; it can ${known.join(', ')}`, {
    provider,
    model: name,
    details: { option: 'operation', asked: operation, allowed: known, nearest: nearest(operation, known) },
    hint: isDerived ? `Choose another model, or leave out ${inputOf(request)}.` : `Use one of: ${known.join(', ')}.`,
  });
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
function idInRegion({ name, problems, applied }: Session, { provider, model, row, region }: Target): string {
  if (!row.regions) return model;
  const there = row.regions[region];
  if (!there) {
    const regions = Object.keys(row.regions);
    const quoted = regions.map((other) => JSON.stringify(other));
    problems.push({
      option: 'region',
      asked: region,
      allowed: regions,
      nearest: regions,
      message: `${name} is not offered in region ${region}; it is in ${regions.join(', ')}`,
      hint: `Use region ${quoted.join(' or ')} with a key of that region.`,
    });
    return model;
  }
  const { id = model } = there;
  const because = `its id in region ${region}`;
  if (id !== model) applied.push({ option: 'model', asked: name, sent: `${provider}/${id}`, because });
  return id;
}

/** What the price depends on before a shape is asked for. */
function askedBasis(session: Session, region: string, options: CallDraft['options']): PriceBasis {
  const quality = askedQuality(session);
  return present({ region, images: session.request.images, options, quality });
}

function warnOfStatus({ name, warnings }: Session, row: ModelCapabilities, today: Day): void {
  const status = modelStatus(row, today);
  if (status === 'preview') {
    warnings.push({ code: 'preview', message: `${name} is a preview: it may change or end without notice` });
  } else if (status === 'retired') {
    const message = `the service retired ${name} on ${row.retires}; this host may still have it`;
    warnings.push({ code: 'deprecated', message });
  } else if (status === 'deprecated') {
    const instead = row.successor ? `; its successor is ${row.successor}` : '';
    warnings.push({ code: 'deprecated', message: `${name} ${endOf(row, today)}${instead}` });
  }
}

/** How a deprecated model stands, behind its name. */
function endOf({ deprecated, retires, retiresUnsure }: ModelCapabilities, today: Day): string {
  if (retires && retires <= today) return `probably ended on ${retires}, and is tried`;
  const since = deprecated ? [`is deprecated since ${deprecated}`] : [];
  const until = retires ? [`ends ${retiresUnsure ? 'probably ' : ''}on ${retires}`] : [];
  return [...since, ...until].join(', ');
}
