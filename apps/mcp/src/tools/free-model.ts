// What is offered where nobody chose a model, and one that is free draws more than the one that drew.

import { isConfigured, omit } from '@anyimage/core';
import { findModel, listModels, picturePrice, type RequestTarget } from '@anyimage/host';
import type { Settings } from '../calls/settings.ts';
import type { Document, NextStep } from '../results/tool-result.ts';

/** Longer arguments are not repeated, characters of JSON. */
const mostRepeated = 1000;

/**
 * How to draw with a neural model that costs nothing and can be used now. `given`: the words of the request. `undefined` if a model was chosen,
 * if one that draws is neural, or if there is no such model.
 */
export function freeModelStep(given: Document, named: RequestTarget, settings: Settings): NextStep | undefined {
  const { providers, modelChosen } = settings;
  const drawsByRules = named.models.every((name) => findModel(providers, name)?.row.procedural);
  if (given.model !== undefined || modelChosen || !drawsByRules) return undefined;
  const free = freeModel(named, settings);
  if (!free) return undefined;
  const words = { ...omit(given, 'applied', 'again'), model: free.name };
  const isShort = JSON.stringify(words).length <= mostRepeated;
  const call = isShort ? 'this call' : `a call with the same arguments and model: "${free.name}"`;
  const drew = named.models.join(', ');
  return {
    say: `No model was chosen, so ${drew} drew by rules; ${free.name} is free, too, and draws anything: if more is wanted, ${call} draws with it.`,
    ...(isShort && { tool: given.images === undefined ? 'generate_image' : 'edit_image', arguments: words }),
  };
}

/** Of services that can be used now: no table of another one is looked at. One that is there to stay comes first. */
function freeModel({ operation }: RequestTarget, { providers, shownEnv, tables }: Settings) {
  const usable = providers.filter(({ definition, access = {} }) => isConfigured(definition, access, shownEnv));
  const free = listModels(usable, shownEnv, tables, Date.now()).filter(
    ({ row, region, status }) =>
      !row.procedural &&
      (status === 'stable' || status === 'preview') &&
      operation in row.operations &&
      picturePrice({ row, region }, operation).least?.amount === 0,
  );
  return free.find(({ status }) => status === 'stable') ?? free[0];
}
