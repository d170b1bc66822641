// What a row cannot say: values that are legal each by itself and not together. Checked before anything is sent.

import { type CallDraft, ImageError, isRecord, type Json, quotedWord } from '@anyimage/core';
import { pricedFields } from '../capabilities.ts';
import type { RowWire } from '../row-wire.ts';
import { servicesFor } from './request.ts';

/** Refuses a call whose values exclude each other, or that no service takes whole. Throws `invalid-request` or `unsupported`. */
export function checkCall(call: CallDraft): void {
  checkRouting(call.options);
  checkOwnOptions(call);
  if (call.background === 'transparent' && call.outputFormat === 'jpeg') {
    throw new ImageError('invalid-request', 'a transparent background needs png or webp, jpeg has no transparency', {
      details: { option: 'outputFormat', asked: 'jpeg' },
      hint: 'Use outputFormat: "png" or "webp".',
    });
  }
  const { services = [] } = (call.limits.wire ?? {}) as RowWire;
  if (services.length === 0 || servicesFor(call).length > 0) return;
  const names = services.map(({ name }) => quotedWord(name));
  throw new ImageError(
    'unsupported',
    `none of the services behind this model takes all that is asked: ${names.join(', ')}`,
    {
      details: {
        option: 'providerOptions.only',
        asked: call.options.only ?? null,
        allowed: services.map(({ name }) => name),
      },
      hint: 'Ask for less: each value is taken by one of them, and no one takes them together.',
    },
  );
}

function checkRouting(options: CallDraft['options']): void {
  for (const name of ['only', 'ignore', 'order'] as const) {
    const { [name]: list } = options;
    const isList = Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string' && one !== '');
    if (list !== undefined && !isList) throw wrongForm(name, list, 'a list of slugs', '["openai"]');
  }
  const { options: own } = options;
  const isBySlug = isRecord(own) && Object.values(own).every(isRecord);
  if (own !== undefined && !isBySlug) {
    throw wrongForm('options', own, 'an object of objects, by slug', '{"openai": {"moderation": "low"}}');
  }
}

/** What the price follows from is said by its word: an option of a service that says it anew would cost more than a budget let through. */
function checkOwnOptions({ options: { options: own }, limits }: CallDraft): void {
  const isSaid = (name: string) =>
    name === 'n' || (pricedFields.includes(name) && Boolean(name === 'quality' ? limits.quality : limits.size));
  for (const [slug, values] of Object.entries(isRecord(own) ? own : {})) {
    const name = Object.keys(values as object).find(isSaid);
    if (name === undefined) continue;
    const option = `providerOptions.options.${slug}.${name}`;
    throw new ImageError('invalid-request', `${quotedWord(option)} would change what the request costs`, {
      details: { option },
      hint: `Say it with ${said[name] ?? name}.`,
    });
  }
}

const said: { readonly [field: string]: string } = { aspect_ratio: 'aspectRatio' };

function wrongForm(name: string, asked: Json, form: string, example: string): ImageError {
  const option = `providerOptions.${name}`;
  return new ImageError('invalid-request', `${option} is ${form}`, {
    details: { option, asked, allowed: form },
    hint: `Give it as ${example}.`,
  });
}
