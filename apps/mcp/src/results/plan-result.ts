// What estimate_cost answers with: which model would draw, for how much and how long, and what it would change.

import { cleanText, type Money, type Plan } from '@anyimage/core';
import { countText, durationRange, money } from '@anyimage/host';
import { answerDocument } from './document.ts';
import { answerText } from './result-text.ts';
import type { Document, NextStep, ToolResult } from './tool-result.ts';

/** `n`: how many pictures were asked for. */
export function planResult(plan: Plan, n: number): ToolResult {
  const { model, operation, estimate, latencyMs, applied, others = [] } = plan;
  const warnings = plan.warnings.map(({ message }) => message);
  const told = { applied, warnings, ...(estimate === null && { next: askForPrices(model) }) };
  const lines = [
    `${model} would make ${countText(n, 'picture')} (${operation}): ${priceText(plan)}. Nothing was sent.`,
    answerText(told),
    ...(others.length ? [`Next choices: ${others.map((one) => `${one.model} ${priceText(one)}`).join('; ')}.`] : []),
  ];
  return {
    content: [{ type: 'text', text: cleanText(lines.filter(Boolean).join('\n')) }],
    structuredContent: {
      model,
      operation,
      n,
      ...costDocument(estimate),
      ...(latencyMs && { usualMs: [...latencyMs] }),
      ...answerDocument(told),
      ...(others.length > 0 && { choices: others.map(choiceDocument) }),
    },
  };
}

function askForPrices(model: string): NextStep {
  const say = 'Ask list_models for this model: it tells with which quality and size the price is known before.';
  return { say, tool: 'list_models', arguments: { text: model } };
}

function priceText({ estimate, latencyMs }: Pick<Plan, 'estimate' | 'latencyMs'>): string {
  const price = estimate === null ? 'the price is known only afterwards' : money(estimate);
  return latencyMs ? `${price}, usually ${durationRange(latencyMs)} each` : price;
}

function choiceDocument({ model, estimate, latencyMs }: NonNullable<Plan['others']>[number]): Document {
  return { model, ...costDocument(estimate), ...(latencyMs && { usualMs: [...latencyMs] }) };
}

function costDocument(estimate: Money | null): Document {
  if (!estimate) return { costUnknown: true };
  const { amount, currency } = estimate;
  return { cost: [{ amount, currency }] };
}
