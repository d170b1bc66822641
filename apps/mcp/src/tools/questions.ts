// What a person is asked before anything is sent: for a key that is missing, and whether a price is right.

import {
  type ClientRequest,
  ImageError,
  isConfigured,
  isLoopback,
  type Money,
  type Plan,
  type Rates,
} from '@anyimage/core';
import { clientOptions, money, type NamedModels } from '@anyimage/host';
import type { ToolContext } from './tool.ts';

/**
 * Asks what the person has to say before a request is sent, where the client can ask. Throws `AskPerson` for a question that nobody has
 * answered yet, `budget` for a price that the person does not want to pay or could not be asked about, and what the request would be
 * refused with: nobody is asked about that.
 */
export async function askFirst(request: ClientRequest, named: NamedModels, context: ToolContext): Promise<void> {
  const { services, signal } = context;
  askForKey(named.models, context);
  const { askAbove } = services.settings.config;
  if (!askAbove) return;
  const plan = await services.calls.plan({ ...request, signal }, named);
  // What lacks its key is refused when it is to be sent.
  if (plan.warnings.some(({ code }) => code === 'key')) return;
  if (isCovered(plan, askAbove, clientOptions(services.settings).rates)) return;
  askForPrice(plan, request, context, askAbove);
}

/** The page of the service is opened, never a key asked for: what is said in a chat is read by a model, and kept. */
function askForKey([name, ...more]: readonly string[], { services, ask }: ToolContext): void {
  const { providers, shownEnv } = services.settings;
  const provider = providers.find(({ definition }) => definition.id === name?.split('/')[0]);
  if (!provider || more.length > 0) return;
  const { definition, access = {} } = provider;
  const page = definition.keys.find((key) => key.page)?.page;
  if (page === undefined || isConfigured(definition, access, shownEnv)) return;
  const { id, label } = definition;
  ask({
    key: 'key',
    message: `${label} needs a key, and none is set. Get one at this page, and store it in a terminal with: anyimage keys set ${id}`,
    url: page,
  });
}

function askForPrice({ model, estimate }: Plan, request: ClientRequest, context: ToolContext, askAbove: Limit): void {
  const { n = 1, route } = request;
  const what = `${n === 1 ? 'This picture' : `These ${n} pictures`} by ${model}`;
  const price = estimate ? money([estimate]) : 'a price that is not known';
  const limit = `${askAbove.amount} ${askAbove.currency}`;
  const answer = context.ask({ key: 'price', message: `${what}: ${price}, which is more than ${limit}. Go ahead?` });
  if (answer === 'yes') return;
  const details = { option: 'askAbove', limit: { ...askAbove }, estimate: estimate && { ...estimate } };
  if (answer === 'no') {
    throw new ImageError('budget', `the person does not want to pay ${price} for this`, {
      details,
      hint: 'Ask what they want instead; estimate_cost tells what other models and sizes cost.',
    });
  }
  // A client that cannot ask: the agent says with a ceiling that the person agreed.
  const { maxCost } = route ?? {};
  if (estimate && maxCost && maxCost.currency === estimate.currency && maxCost.amount >= estimate.amount) return;
  throw new ImageError('budget', `${what}: ${price}, and the person wants to be asked above ${limit}`, {
    details,
    hint: estimate
      ? `Ask the person in the chat. If they agree, call again with maxCost: "${estimate.amount} ${estimate.currency}".`
      : 'Take a model whose price is known: estimate_cost tells it.',
  });
}

type Limit = { readonly amount: number; readonly currency: string };

/** Whether nobody need be asked. What draws on this machine costs nothing. */
function isCovered({ estimate, host }: Plan, limit: Limit, rates: Rates | undefined): boolean {
  if (!estimate) return isLoopback(`http://${host}`);
  const amount = inCurrency(estimate, limit.currency, rates);
  return amount !== undefined && amount <= limit.amount;
}

function inCurrency({ amount, currency }: Money, wanted: string, rates: Rates = {}): number | undefined {
  if (currency === wanted || amount === 0) return amount;
  const [from, to] = [rates[currency], rates[wanted]];
  return from && to ? (amount * from) / to : undefined;
}
