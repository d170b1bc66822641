// The list of models. Source: docs/providers/google.md, section 1.

import { type Envelope, ImageError, type ListedModel } from '@anyimage/core';
import * as z from 'zod';
import { serviceError } from './errors.ts';

const text = z.string().nullish().catch(undefined);
const page = z.object({
  models: z.array(z.object({ name: z.string(), displayName: text })).optional(),
  nextPageToken: text,
});

/** The models of one page whose id speaks of pictures (the list says no more than that), and where the next page begins. */
export function readModels(envelope: Envelope, body: unknown): { models: ListedModel[]; next?: string } {
  const parsed = page.safeParse(body);
  if (envelope.status >= 400) throw serviceError(envelope, body);
  if (!parsed.success) {
    throw new ImageError('bad-response', 'the service does not list its models in the documented form', {
      hint: 'Check the base URL.',
    });
  }
  const { models = [], nextPageToken: next } = parsed.data;
  const listed = models.map(({ name, displayName }) => ({
    id: name.replace(/^models\//, ''),
    ...(displayName && { label: displayName }),
  }));
  return { models: listed.filter(({ id }) => /image|banana/.test(id)), ...(next && { next }) };
}
