// From a call to the body of the one endpoint. Source: docs/providers/openrouter.md, section 2.

import { type CallDraft, type Json, present, toURL, unlessEmpty } from '@anyimage/core';
import type { RowWire, ServiceWire } from '../row-wire.ts';

type Fields = { readonly [name: string]: Json };

/** The body of a call. Only what was asked is in it. */
export function toWire(call: CallDraft): Fields {
  const fields = fieldsOf(call);
  const able = servicesFor(call);
  const { services = [] } = wireOf(call);
  // Where not every service takes all of the request, it goes to those alone that do.
  const only = able.length < services.length ? able.map(({ name }) => name) : call.options.only;
  return present({ ...fields, provider: providerOf(call, only) });
}

/** The services of the row that may be asked and take all of a call. Empty where the row names none. */
export function servicesFor(call: CallDraft): readonly ServiceWire[] {
  const fields = fieldsOf(call);
  const { services = [] } = wireOf(call);
  const known = new Set([...services.flatMap(({ takes }) => Object.keys(takes))]);
  const asked = Object.entries(fields).filter(([name]) => known.has(name));
  const wantsStream = call.partials > 0 && services.some(({ streams }) => streams);
  return services.filter(
    (one) =>
      isWanted(one, call) &&
      hasOptions(one, call) &&
      (one.streams || !wantsStream) &&
      asked.every(([name, value]) => Object.hasOwn(one.takes, name) && isWithin(one.takes[name]!, value)),
  );
}

function wireOf({ limits }: CallDraft): RowWire {
  return (limits.wire ?? {}) as RowWire;
}

/** Everything but what is said of services. Of the ways to say a size one is sent: two that differ are refused. */
function fieldsOf(call: CallDraft): Fields {
  const { model, prompt, n, quality, background, outputCompression, seed, user, images, partials, options } = call;
  const {
    svg,
    sessionId,
    only: _,
    ignore: _1,
    order: _2,
    sort: _3,
    allowFallbacks: _4,
    options: _5,
    ...others
  } = options;
  const { passthrough = {} } = wireOf(call);
  const further = Object.entries(others).filter(([name]) => !Object.hasOwn(passthrough, name));
  return present({
    ...Object.fromEntries(further),
    model,
    prompt,
    n: n > 1 ? n : undefined,
    ...shapeOf(call),
    quality,
    background,
    output_format: svg === true ? 'svg' : call.outputFormat,
    output_compression: outputCompression ?? others.output_compression,
    seed: seed ?? others.seed,
    user,
    session_id: sessionId,
    input_references: images.length > 0 ? images.map(referenceOf) : undefined,
    stream: partials > 0 || undefined,
  });
}

function shapeOf(call: CallDraft): { readonly [field: string]: string | undefined } {
  const { size, aspectRatio, resolution } = call;
  if (size) return { size: `${size.width}x${size.height}` };
  return { aspect_ratio: aspectRatio, [wireOf(call).tiers ?? 'resolution']: resolution };
}

function referenceOf(image: CallDraft['images'][number]): Json {
  return { type: 'image_url', image_url: { url: toURL(image) } };
}

function providerOf(call: CallDraft, only: Json | undefined): Fields | undefined {
  const { ignore, order, sort, allowFallbacks } = call.options;
  const said: Fields = present({
    only,
    ignore,
    order,
    sort,
    allow_fallbacks: allowFallbacks,
    options: unlessEmpty<Fields>(ownOptionsOf(call)),
  });
  return unlessEmpty<Fields>(said);
}

/** The options of single services, by slug. What a caller says of one service comes before what is said of all that have it. */
function ownOptionsOf(call: CallDraft): Fields {
  const bySlug: { [slug: string]: { [name: string]: Json } } = {};
  for (const [name, slugs] of Object.entries(wireOf(call).passthrough ?? {})) {
    if (!Object.hasOwn(call.options, name)) continue;
    for (const slug of slugs) bySlug[slug] = { ...bySlug[slug], [name]: call.options[name]! };
  }
  const own = (call.options.options ?? {}) as { readonly [slug: string]: Fields };
  for (const [slug, values] of Object.entries(own)) bySlug[slug] = { ...bySlug[slug], ...values };
  return bySlug;
}

/** Whether a service has the options that some services have as their own: one that answers without them would drop them. */
function hasOptions({ slug }: ServiceWire, call: CallDraft): boolean {
  const own = Object.entries(wireOf(call).passthrough ?? {});
  return own.every(([name, slugs]) => !Object.hasOwn(call.options, name) || slugs.includes(slug));
}

/** Whether a caller lets a service be asked. */
function isWanted({ name, slug }: ServiceWire, { options: { only, ignore } }: CallDraft): boolean {
  const names = (list: Json | undefined) =>
    (Array.isArray(list) ? list : []).some((one) => one === name || one === slug);
  return (only === undefined || names(only)) && !names(ignore);
}

function isWithin(parameter: ServiceWire['takes'][string], value: Json): boolean {
  if (parameter.type === 'enum') return parameter.values.some((one) => one === value);
  if (parameter.type !== 'range') return true;
  const number = Array.isArray(value) ? value.length : value;
  return typeof number === 'number' && number >= parameter.min && number <= parameter.max;
}
