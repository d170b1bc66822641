// What a person is asked before a model that costs draws for the first time.

import { type ClientRequest, createClient, ImageError, type Plan } from '@anyimage/core';
import {
  agreedModels,
  agreeToModels,
  type CostlyModel,
  clientOptions,
  costlyModels,
  keylessProviders,
} from '@anyimage/host';
import { priceText } from '../print/price-text.ts';
import { sayWarning } from '../print/say.ts';
import { note } from '../print/terminal/output.ts';
import { paintFor } from '../print/terminal/paint.ts';
import { translated } from '../print/words/translated.ts';
import { askYes, canAsk } from './ask.ts';
import type { Settings } from './settings.ts';

export interface Asked {
  /** As the request names them; aliases are what they stand for. */
  readonly models: readonly string[];
  readonly request: ClientRequest;
  readonly settings: Settings;
}

/**
 * Tells what the models of a request cost, and asks whether they may draw: once for each model and price, at a terminal alone, and not where
 * the config says never. The answer is kept in the home folder. A request that will be refused, or that lacks its key, is no question.
 * Throws `budget` on a no.
 */
export async function askPrice({ models, request, settings }: Asked): Promise<void> {
  if (settings.config.askPrice === 'never' || !canAsk()) return;
  const isOpen = models.includes('auto') || (await unasked(models, settings)).length > 0;
  const plan = isOpen ? await planOf(request, settings) : undefined;
  if (!plan) return;
  const chosen = models.map((name) => (name === 'auto' ? plan.model : name));
  const open = await unasked(chosen, settings);
  if (open.length === 0) return;
  for (const { name, price } of open) note(priceText(name, price, name === plan.model ? plan.estimate : undefined));
  await askOnce(open, settings);
}

async function askOnce(models: readonly CostlyModel[], { home }: Settings): Promise<void> {
  note(
    paintFor(process.stderr)(
      'quiet',
      translated('asked once for a model; -y skips it, anyimage config set askPrice never ends it'),
    ),
  );
  if (!(await askYes(translated('Draw?')))) {
    throw new ImageError('budget', 'nothing was sent: you did not agree to the price', {
      details: { option: 'askPrice', models: models.map(({ name }) => name) },
      hint: 'anyimage models lists what others cost; sketch draws on this machine for nothing.',
    });
  }
  try {
    await agreeToModels(home, Object.fromEntries(models.map(({ name, price }) => [name, price])));
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    sayWarning(`it will be asked again: ${error.message}`);
  }
}

/** Those that cost, have what they need, and were not agreed to at that price. */
async function unasked(names: readonly string[], settings: Settings): Promise<readonly CostlyModel[]> {
  const { home, providers, shownEnv } = settings;
  const costly = costlyModels(names, { providers, env: shownEnv });
  const agreed = await agreedModels(home);
  return costly.filter(({ name, price }) => agreed[name] !== price && keylessProviders([name], settings).length === 0);
}

/** What the request would do; `undefined` if it will be refused, which is told when it is made. */
async function planOf(request: ClientRequest, settings: Settings): Promise<Plan | undefined> {
  const client = createClient({ ...clientOptions(settings), env: settings.shownEnv });
  try {
    return await client.plan(request);
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}
