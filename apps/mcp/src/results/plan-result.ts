// What estimate_cost answers with: which model would draw, for how much and how long, and what it would change.

import { cleanText, type Money, type Plan } from '@anyimage/core';
import { countText, durationRange, money } from '@anyimage/host';
import { answerDocument } from './document.ts';
import { answerText } from './result-text.ts';
import type { Document, ToolResult } from './tool-result.ts';

/** `n`: how many pictures were asked for. */
export function planResult(plan: Plan, n: number): ToolResult {
  const { model, operation, estimate, latencyMs, applied, others = [] } = plan;
  const told = { applied, warnings: plan.warnings.map(({ message }) => message) };
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
