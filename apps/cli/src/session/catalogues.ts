// The catalogues of services that a request needs, and newer tables: asked for before it, or beside it.

import type { Client } from '@anyimage/core';
import { type Asking, askBeside, askFirst, dueCatalogues, updateBeside } from '@anyimage/host';
import { sayNotice } from '../print/say.ts';
import type { MakeFlags } from '../request/flags.ts';
import { withLimits } from '../request/limit-hint.ts';
import type { EarlierRequest } from '../request/request-again.ts';
import { modelsAsked, type Resolved, resolveFlags } from '../request/resolve.ts';
import { logTo } from './log.ts';
import { openClient } from './open-client.ts';
import type { Settings } from './settings.ts';

/** Asks for the catalogues without which a model that is named is in no table, or which `auto` has never seen. Never rejects. */
export async function askForUnknown(models: readonly string[], settings: Settings): Promise<void> {
  if (dueCatalogues(models, settings).first.length === 0) return;
  const client = openClient(settings);
  try {
    await askFirst(models, asking(settings, client));
  } finally {
    await client.close();
  }
}

/** As `resolveFlags`, after the catalogues were asked that the request cannot do without. */
export async function resolveAsking(flags: MakeFlags, settings: Settings, earlier?: EarlierRequest): Promise<Resolved> {
  try {
    await askForUnknown(modelsAsked(flags, settings, earlier), settings);
    return resolveFlags(flags, settings, earlier);
  } catch (error) {
    throw withLimits(error, flags, settings);
  }
}

/** Asks for what is old of the catalogues of models, beside a call; the returned function ends that. */
export function refreshBeside(models: readonly string[], settings: Settings, client: Client): () => Promise<void> {
  return askBeside(models, asking(settings, client));
}

/** Gets newer tables beside a call that spends, where the person wants that; the returned function ends it. */
export function newerBeside(models: readonly string[], settings: Settings): () => Promise<void> {
  // Stored keys are in no copy of the environment.
  const env = { ...settings.env };
  return updateBeside(models, { ...settings, env, onNotice: sayNotice, ...logTo(settings) });
}

function asking(settings: Settings, client: Client): Asking {
  return { settings, client, ...logTo(settings) };
}
