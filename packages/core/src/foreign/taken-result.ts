// What a service says with its pictures, as it may be shown and kept. Where the pictures are stays as it is.

import type { Json } from '../contract/capabilities.ts';
import { present } from '../contract/objects.ts';
import type { Output, ProviderResult, Usage } from '../contract/provider.ts';
import type { KeptOutput } from '../contract/tickets.ts';
import { foreignFacts, foreignLine, foreignMessage, foreignText, longest } from './foreign.ts';
import { mediaTypeIn } from './media-type.ts';
import { isTime, moneyIn } from './read-ticket.ts';
import { type Hidden, redact } from './redact.ts';

/** What a provider, or an earlier run, found: pictures on their way, and those that a store keeps. */
export type GivenResult = Omit<ProviderResult, 'outputs'> & { readonly outputs: readonly (Output | KeptOutput)[] };

export function takenResult(result: GivenResult, key: Hidden): GivenResult {
  const { outputs, cost, usage, requestId, metadata, warnings, ...rest } = result;
  return {
    ...rest,
    outputs: outputs.map((output) => ('error' in output ? output : takenOutput(output, key))),
    ...present({
      cost: moneyIn(cost),
      usage: usage && usageIn(usage),
      requestId: requestId && foreignLine(requestId, { key, longest: longest.word }),
      metadata: factsIn(metadata, key),
      warnings: warnings?.map((warning) => ({ ...warning, message: foreignMessage(warning.message, key) })),
    }),
  };
}

/** The counts that are some. */
function usageIn(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => Number.isSafeInteger(count) && count >= 0));
}

type Made = Exclude<Output, { error: unknown }> | KeptOutput;

function takenOutput(output: Made, key: Hidden): Made {
  const { mediaType, revisedPrompt, metadata, expiresAt, ...rest } = output as Made & { readonly expiresAt?: number };
  return {
    ...(rest as Made),
    ...present({
      mediaType: mediaType && mediaTypeIn(redact(mediaType, key)),
      revisedPrompt: revisedPrompt && foreignText(revisedPrompt, { key, longest: longest.prompt }),
      metadata: factsIn(metadata, key),
      // A service may say any number.
      expiresAt: isTime(expiresAt) ? expiresAt : undefined,
    }),
  };
}

function factsIn(metadata: Json | undefined, key: Hidden): Json | undefined {
  return metadata === undefined ? undefined : foreignFacts(metadata, key);
}
