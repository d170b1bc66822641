// From an answer to pictures, usage and cost. Source: docs/providers/openrouter.md, section 3.

import {
  type Envelope,
  holdsPicture,
  isRecord,
  type Money,
  nothingMade,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  picturesInEntry,
  present,
  roundMoney,
} from '@anyimage/core';
import * as z from 'zod';
import { serviceError } from './errors.ts';

// Strict only where the pictures depend on it: what is said beside them, in whatever form, must not lose them.
const amount = z.number().min(0).nullish().catch(undefined);
const usage = z
  .object({
    cost: amount,
    is_byok: z.boolean().nullish().catch(undefined),
    cost_details: z.object({ upstream_inference_cost: amount }).nullish().catch(undefined),
  })
  .nullish()
  .catch(undefined);
const answer = z.object({ data: z.array(z.unknown()).nullish(), usage });

/**
 * The pictures of an answer. Throws what the status or the body says is wrong, also for an error told with status 200, unless there is a picture
 * all the same; `bad-response` for another form, and for a success without a picture.
 */
export function fromWire(call: ProviderCall, envelope: Envelope, body: unknown): ProviderResult {
  const { data: read, error: mismatch } = answer.safeParse(body);
  const items = read?.data ?? [];
  const tellsError = isRecord(body) && isSaid(body.error) && !items.some(holdsPicture);
  if (envelope.status >= 400 || tellsError) throw serviceError(envelope, body);
  const outputs = items.flatMap((item) => outputsOf(item, call));
  if (outputs.length === 0) {
    throw mismatch ? otherForm(envelope, z.prettifyError(mismatch)) : nothingMade({ status: envelope.status });
  }
  return present({ outputs, cost: costOf(read?.usage) });
}

function isSaid(error: unknown): boolean {
  return isRecord(error) ? Object.keys(error).length > 0 : !!error;
}

/** A drawing is taken as one only where it was asked for. */
function outputsOf(item: unknown, { options, limits }: ProviderCall): Output[] {
  const told = isRecord(item) && typeof item.media_type === 'string' ? item.media_type : undefined;
  const isDrawing = limits.options?.svg !== undefined && options.svg === true;
  const isOther = told !== undefined && !told.startsWith('image/svg');
  const mediaType = isDrawing ? 'image/svg+xml' : isOther ? told : undefined;
  return picturesInEntry(item).map((picture) => present({ ...picture, mediaType }) as Output);
}

/** With a key of one's own at the service behind it, `cost` is OpenRouter's part alone: that the rest is told so is unverified. */
function costOf(said: z.infer<typeof usage>): Money | undefined {
  if (said?.cost == null) return undefined;
  const { cost, is_byok: isOwnKey, cost_details: details } = said;
  const upstream = isOwnKey ? details?.upstream_inference_cost : undefined;
  return { amount: roundMoney(cost + (upstream ?? 0)), currency: 'USD', estimated: !!isOwnKey };
}
