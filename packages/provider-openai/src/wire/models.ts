// The list of a server's models. Source: docs/providers/openai.md, sections 1 and 5.9.

import type { Day, ListedModel } from '@anyimage/core';
import * as z from 'zod';

const listed = z.object({ id: z.string().min(1), shutdown_date: z.string().nullish().catch(undefined) });
const list = z.union([z.array(z.unknown()), z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data)]);

/** The models of `GET /models`, in the server's order; entries without an id are left out. Undefined if the body is no such list. */
export function readModels(body: unknown): readonly ListedModel[] | undefined {
  return list.safeParse(body).data?.flatMap((item) => {
    const { id, shutdown_date: day } = listed.safeParse(item).data ?? {};
    return id === undefined ? [] : [{ id, ...(day && /^\d{4}-\d{2}-\d{2}$/.test(day) && { retires: day as Day }) }];
  });
}
