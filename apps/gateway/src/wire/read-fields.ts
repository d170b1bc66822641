// From what came to the fields of a request, or to the one thing that is wrong in it.

import { didYouMean, isRecord, nearest, shortened } from '@anyimage/core';
import type * as z from 'zod';
import { badRequest } from './envelope.ts';

/** Throws a refusal: an unknown field with the nearest one there is, a missing one, one of another type or value. `null` is absent. */
export function readFields<T extends z.ZodObject>(value: unknown, schema: T): z.infer<T> {
  if (!isRecord(value)) {
    throw badRequest('The body is not a JSON object. Send the fields of the request as one.', 'invalid_json');
  }
  const given = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  // A name that is misspelled is why another one is missing.
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const param = [...issue.path, key].join('.');
    const known = issue.path.length === 0 ? Object.keys(schema.shape) : [];
    const near = known.length ? didYouMean(nearest(key, known, 1), `Fields: ${known.join(', ')}.`) : 'Leave it out.';
    throw badRequest(
      `Unknown parameter: '${shortened(param, 80)}'. ${near}`,
      'unknown_parameter',
      shortened(param, 80),
    );
  }
  const param = issue?.path.join('.') ?? '';
  const asked = issue?.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], given);
  if (asked === undefined) {
    throw badRequest(
      `Missing required parameter: '${param}'. It ${issue?.message}.`,
      'missing_required_parameter',
      param,
    );
  }
  const code = issue?.code === 'invalid_type' ? 'invalid_type' : 'invalid_value';
  throw badRequest(`Invalid '${param}': it ${issue?.message}${shown(asked)}.`, code, param);
}

function shown(value: unknown): string {
  if (typeof value === 'object') return '';
  return ` (got ${JSON.stringify(typeof value === 'string' ? shortened(value, 80) : value)})`;
}

const numbers = new Set(['n', 'output_compression', 'partial_images', 'frame_count', 'frame_duration_ms']);
const decimals = new Set(['seed', 'strength', 'factor']);
const objects = new Set(['expand', 'max_cost', 'provider_options', 'svg']);

/**
 * The fields of a form, whose values are all texts, as JSON has them. `svg[reasoning][effort]` is a member of a member. A text that is no
 * number stays one: the schema refuses it.
 */
export function formValues(fields: readonly (readonly [name: string, value: string])[]): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [written, text] of fields) {
    const [name = '', ...inner] = written.split('[').map((part) => part.replace(/\]$/, ''));
    if (inner.length === 0) values[name] = typedValue(name, text);
    else if (inner.length === 1 && inner[0] === '') values[name] = [...listOf(values[name]), text];
    else setInner(values, [name, ...inner], text);
  }
  return { ...values };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function setInner(values: Record<string, unknown>, path: readonly string[], text: string): void {
  const [name = '', ...rest] = path;
  if (path.some((part) => part === '__proto__') || rest.length > 3) return;
  if (rest.length === 0) {
    values[name] = text;
    return;
  }
  const inner = isRecord(values[name]) ? { ...values[name] } : {};
  setInner(inner, rest, text);
  values[name] = inner;
}

function typedValue(name: string, text: string): unknown {
  if ((numbers.has(name) && /^\d+$/.test(text)) || (decimals.has(name) && /^\d+(?:\.\d+)?$/.test(text))) {
    return Number(text);
  }
  if (name === 'stream' && /^(?:true|false)$/.test(text)) return text === 'true';
  if (name === 'enhance' && /^(?:true|false)$/.test(text)) return text === 'true';
  if (objects.has(name) && text.startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text === '' ? null : text;
}
