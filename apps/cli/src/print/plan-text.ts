import { type ClientRequest, cleanText, type Json, type Plan } from '@anyimage/core';
import { durationRange, money, valueText } from '@anyimage/host';
import { appliedText, warningText } from './outcome-text.ts';
import type { Paint } from './terminal/paint.ts';
import { translated, translatedAmount, translatedCount } from './words/translated.ts';

/** What --dry-run shows of a request. Lines without a final line break. */
export function planText(plan: Plan, request: ClientRequest, paint: Paint): string {
  const { calls, latencyMs, others = [] } = plan;
  const facts = [
    translatedCount(calls.length, 'call'),
    plan.mode === 'job' ? translated('as jobs') : translated('answered at once'),
    latencyMs && translated('usually {time} each', { time: translatedAmount(durationRange(latencyMs)) }),
    translatedAmount(money(plan.estimate)),
  ];
  const place = { operation: plan.operation, host: plan.host, region: plan.region };
  const lines = [
    `${paint('title', plan.model)}  ${translated('{operation} at {host} (region {region})', place)}`,
    `  ${facts.filter(Boolean).join(translated(', '))}`,
    ...calls.map((call, index) => `  ${index + 1}. ${cleanText(callText(call))}`),
    ...(request.enhance && request.prompt?.trim() ? [`  ${enhanceText(plan)}`] : []),
    ...plan.applied.map((one) => appliedText(one, paint)),
    ...others.map((other) => paint('quiet', `  ${nextText(other)}`)),
    ...plan.warnings.map((one) => warningText(one.message, paint)),
    paint('quiet', `  ${translated('nothing was sent')}`),
  ];
  return lines.join('\n');
}

function nextText({ model, estimate }: NonNullable<Plan['others']>[number]): string {
  return translated('next choice: {model}, {price}', { model, price: translatedAmount(money(estimate)) });
}

/** The prompt above is not yet the one that the text model will write, nor is it in the price. */
function enhanceText({ model }: Plan): string {
  const [provider = ''] = model.split('/');
  return translated(
    'enhance: the text model of {provider}, if it has one, rewrites the prompt first and may be billed on its own',
    { provider },
  );
}

function callText(call: { readonly [word: string]: Json }): string {
  const told = Object.entries(call).filter(([word, value]) => !isEmpty(value) && !(word === 'partials' && value === 0));
  const text = told.map(([word, value]) => `${word} ${valueText(value)}`).join(', ');
  return text.replace(/(data:[\w/+.-]+;base64,)[\w+/=]+/g, '$1…');
}

function isEmpty(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
