import { ImageError } from '@anyimage/core';
import { findModel, requestTarget, type Settings } from '@anyimage/host';
import { flagOf } from '../print/flag-names.ts';
import { sizeEntries } from '../print/row-text.ts';
import type { MakeFlags } from './flags.ts';

const shapes: readonly unknown[] = ['size', 'aspectRatio', 'resolution'];

/** A refusal of how a size or shape is written, with what the model takes; any other error as it is. */
export function withLimits(error: unknown, { model }: MakeFlags, settings: Settings): unknown {
  const details = ImageError.isInstance(error)
    ? (error.details as { readonly option?: unknown } | undefined)
    : undefined;
  if (!ImageError.isInstance(error) || !shapes.includes(details?.option)) return error;
  const { models, limits } = requestTarget({ ...(model && { model }) }, settings);
  const found = models[0] === undefined ? undefined : findModel(settings.providers, models[0]);
  const size = limits[0]?.size;
  if (!found || !size) return error;
  const flag = flagOf(String(details?.option));
  const all = sizeEntries(size).filter(([, text]) => !text.startsWith('default:'));
  const own = all.filter(([title]) => title === flag);
  const allowed = (own.length > 0 ? own : all).map(([title, text]) => `${title} ${text}`).join('; ');
  return error.with({ hint: `${found.definition.id}/${found.id} takes ${allowed}. Nothing was sent.` });
}
