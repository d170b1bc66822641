// The catalogue's own JSON, read so that one thing that is wrong costs no more than itself: a parameter, a service, a model.
// Source: docs/providers/openrouter.md, section 4.

import { cleanText, isRecord } from '@anyimage/core';
import * as z from 'zod';
import type { Parameter } from '../row-wire.ts';

export type Parameters = ReadonlyMap<string, Parameter>;

/** One line of a price list. */
export interface PriceLine {
  readonly billable: string;
  readonly unit: string;
  /** US$ for one unit. */
  readonly cost: number;
  readonly variant?: string;
}

/** One service that serves a model. */
export interface Endpoint {
  /** Under which its options stand. */
  readonly slug: string;
  /** By which it is chosen. */
  readonly name: string;
  readonly parameters: Parameters;
  /** Names of options that only this service has. */
  readonly passthrough: readonly string[];
  readonly streams: boolean;
  /** `undefined`: the list holds something that is not understood, and nobody knows what a picture costs. */
  readonly pricing: readonly PriceLine[] | undefined;
}

/** The services of a model. */
export interface Endpoints {
  /** Those that can be read, at least one. */
  readonly known: readonly Endpoint[];
  /** There are more, which cannot be read. */
  readonly hasOthers: boolean;
}

/** A model of the list. */
export interface Entry {
  readonly id: string;
  readonly label?: string;
  /** Taken by at least one of its services; `undefined`: not told. */
  readonly parameters: Parameters | undefined;
  readonly streams: boolean;
}

const wordy = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\p{Z}]+$/u);
/** One line, all of which can be seen. */
const value = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => cleanText(text) === text && text.trim() === text && !text.includes('\n'));
const values = z
  .array(z.unknown())
  .transform((all) => [...new Set(all.flatMap((one) => value.safeParse(one).data ?? []))]);
const parameter: z.ZodType<Parameter> = z.union([
  z.object({ type: z.literal('enum'), values: values.refine((all) => all.length > 0) }),
  z.object({ type: z.literal('range'), min: z.number(), max: z.number() }).refine(({ min, max }) => min <= max),
  z.object({ type: z.literal('boolean') }),
]);
const flag = z.boolean().catch(false);
const line = z
  .object({ billable: wordy, unit: wordy, cost_usd: z.number().min(0), variant: z.string().nullish() })
  .transform(({ cost_usd: cost, variant, ...rest }): PriceLine => ({ ...rest, cost, ...(variant && { variant }) }));
const entry = z.object({
  id: z.string().min(1),
  name: value.optional().catch(undefined),
  supported_parameters: z.unknown().optional(),
  supports_streaming: flag,
  architecture: z
    .object({ output_modalities: z.array(z.unknown()) })
    .optional()
    .catch(undefined),
});
const endpoint = z.object({
  provider_slug: wordy,
  provider_tag: wordy.nullish().catch(undefined),
  supported_parameters: z.unknown().optional(),
  allowed_passthrough_parameters: z.array(z.unknown()).catch([]),
  supports_streaming: flag,
  pricing: z.array(line).min(1).optional().catch(undefined),
});
const list = z.object({ data: z.array(z.unknown()) });
const endpoints = z.object({ endpoints: z.array(z.unknown()) });

/** The models of `GET images/models` that make pictures; entries that are none are left out. `undefined`: it is no such list. */
export function readList(body: unknown): readonly Entry[] | undefined {
  return list.safeParse(body).data?.data.flatMap((one): Entry[] => {
    const { data: read } = entry.safeParse(one);
    if (!read) return [];
    const { id, name, supported_parameters, supports_streaming: streams, architecture } = read;
    const makes = architecture?.output_modalities ?? [];
    if (makes.length > 0 && !makes.includes('image')) return [];
    return [{ id, ...(name && { label: name }), parameters: readParameters(supported_parameters), streams }];
  });
}

/** The services of `GET images/models/…/endpoints`. `undefined`: none can be read, or it is no such answer. */
export function readEndpoints(body: unknown): Endpoints | undefined {
  const within = isRecord(body) && isRecord(body.data) ? body.data : body;
  const all = endpoints.safeParse(within).data?.endpoints ?? [];
  const known = all.flatMap(readEndpoint);
  return known.length > 0 ? { known, hasOthers: known.length < all.length } : undefined;
}

function readEndpoint(one: unknown): Endpoint[] {
  const { data: read } = endpoint.safeParse(one);
  const parameters = readParameters(read?.supported_parameters);
  if (!read || !parameters) return [];
  const { provider_slug: slug, provider_tag: tag, supports_streaming: streams, pricing } = read;
  const passthrough = read.allowed_passthrough_parameters.filter(isName);
  return [{ slug, name: tag ?? slug, parameters, passthrough, streams, pricing }];
}

function readParameters(told: unknown): Parameters | undefined {
  if (!isRecord(told)) return undefined;
  const known = Object.entries(told).filter(([name]) => isName(name));
  return new Map(known.map(([name, one]) => [name, parameter.safeParse(one).data ?? { type: 'unknown' }]));
}

/** A name that can be one of an option: none that every object has. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z][\w.-]{0,63}$/i.test(name) && !(name in Object.prototype);
}
