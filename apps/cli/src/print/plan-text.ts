import { type ClientRequest, cleanText, type Json, type Plan } from '@anyimage/core';
import { countText, durationRange, money, valueText } from '@anyimage/host';
import { appliedText, warningText } from './outcome-text.ts';
import type { Paint } from './terminal/paint.ts';

/** What --dry-run shows of a request. Lines without a final line break. */
export function planText(plan: Plan, request: ClientRequest, paint: Paint): string {
  const { calls, latencyMs, others = [] } = plan;
  const how = plan.mode === 'job' ? 'as jobs' : 'answered at once';
  const time = latencyMs ? `, usually ${durationRange(latencyMs)} each` : '';
  const lines = [
    `${paint('title', plan.model)}  ${plan.operation} at ${plan.host} (region ${plan.region})`,
    `  ${countText(calls.length, 'call')}, ${how}${time}, ${money(plan.estimate)}`,
    ...calls.map((call, index) => `  ${index + 1}. ${cleanText(callText(call))}`),
    ...(request.enhance && request.prompt?.trim() ? [`  ${enhanceText(plan)}`] : []),
    ...plan.applied.map((one) => appliedText(one, paint)),
    ...others.map((other) => paint('quiet', `  next choice: ${other.model}, ${money(other.estimate)}`)),
    ...plan.warnings.map((one) => warningText(one.message, paint)),
    paint('quiet', '  nothing was sent'),
  ];
  return lines.join('\n');
}

/** The prompt above is not yet the one that the text model will write, nor is it in the price. */
function enhanceText({ model }: Plan): string {
  const [provider] = model.split('/');
  return `enhance: the text model of ${provider}, if it has one, rewrites the prompt first and may be billed on its own`;
}

function callText(call: { readonly [word: string]: Json }): string {
  const told = Object.entries(call).filter(([word, value]) => !isEmpty(value) && !(word === 'partials' && value === 0));
  const text = told.map(([word, value]) => `${word} ${valueText(value)}`).join(', ');
  return text.replace(/(data:[\w/+.-]+;base64,)[\w+/=]+/g, '$1…');
}

function isEmpty(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
