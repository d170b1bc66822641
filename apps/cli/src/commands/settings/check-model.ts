// Whether names of models mean something before they are kept.

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import { findModel, namedModels, tellOrigin } from '@anyimage/host';
import { askForUnknown } from '../../session/catalogues.ts';
import { resolveModel } from '../../session/resolve-model.ts';
import type { Settings } from '../../session/settings.ts';

/** Resolves if the name is one of a model, a provider or an alias; asks a catalogue that may know it. Throws `not-found`. */
export async function checkModelName(name: string, settings: Settings): Promise<void> {
  if (name === 'auto') return;
  await askForUnknown(namedModels(name, settings), settings);
  for (const one of namedModels(name, settings)) await checkName(one, settings);
}

async function checkName(one: string, settings: Settings): Promise<void> {
  if (one === 'auto') return;
  const [provider = ''] = one.split('/');
  const definition = settings.providers.find((candidate) => candidate.definition.id === provider)?.definition;
  if (findModel(settings.providers, one) || (definition?.unlisted && one.includes('/'))) return;
  if (Object.hasOwn(settings.config.aliases ?? {}, one)) {
    await resolveModel(one, settings);
    return;
  }
  if (definition?.id === one) {
    throw new ImageError('not-found', `${one} has no default model`, {
      details: { option: 'model' },
      hint: `Name one: anyimage use ${one}/MODEL; or give it one: anyimage config set providers.${one}.defaultModel MODEL.`,
    });
  }
  const names = settings.providers.flatMap(({ definition: { id, models } }) => [
    id,
    ...Object.keys(models).map((model) => `${id}/${model}`),
  ]);
  const near = nearest(one, [...names, ...Object.keys(settings.config.aliases ?? {})]);
  const error = new ImageError('not-found', `there is no model or provider ${JSON.stringify(one)}`, {
    details: { option: 'model', asked: one, nearest: near },
    hint: didYouMean(near) || 'anyimage models lists all.',
  });
  throw tellOrigin(error, settings);
}
