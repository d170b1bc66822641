// The models that the server had whose place is taken, and who draws for those that have ended.

import { modelStatus } from '@anyimage/core';
import { findModel, isoDay } from '@anyimage/host';
import type { Settings } from '../calls/settings.ts';
import type { SeedProvider } from './environment.ts';

const generating: Readonly<Record<SeedProvider, string>> = {
  google: 'google/gemini-2.0-flash-preview-image-generation',
  cogview: 'cogview/cogview-4-250304',
  bailian: 'bailian/wanx2.1-t2i-turbo',
};
const imagen = 'google/imagen-4.0-generate-preview-06-06';
const editing: Readonly<Partial<Record<SeedProvider, string>>> = {
  google: generating.google,
  bailian: 'bailian/wanx2.1-imageedit',
};

/** A model that is there today. */
export interface ModelToday {
  /** `provider/model`. */
  readonly model: string;
  /** What the caller should know, where it is another than it was. */
  readonly note?: string;
}

/** The model of a text. `type`: `gemini` or `imagen`, of Google alone. */
export function generatingModel(provider: SeedProvider, type: string | undefined, settings: Settings): ModelToday {
  return modelToday(provider === 'google' && type === 'imagen' ? imagen : generating[provider], settings);
}

/** The model that changes pictures. */
export function editingModel(provider: SeedProvider, settings: Settings): ModelToday {
  return modelToday(editing[provider] ?? generating[provider], settings);
}

/** The model, or what took its place once its service had ended it. */
function modelToday(name: string, { providers }: Pick<Settings, 'providers'>): ModelToday {
  const today = isoDay(Date.now());
  const [provider] = name.split('/');
  const seen = new Set([name]);
  let model = name;
  for (let row = findModel(providers, model)?.row; row && modelStatus(row, today) === 'retired'; ) {
    const next = row.successor && `${provider}/${row.successor}`;
    if (!next || seen.has(next)) break;
    seen.add(next);
    model = next;
    row = findModel(providers, model)?.row;
  }
  return model === name ? { model } : { model, note: `${name} has ended; its successor ${model} is used` };
}
