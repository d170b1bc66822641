// The answer to whoever waits for a call.

import type { Call } from '../calls/call.ts';
import { waitFor } from '../calls/wait.ts';
import { callResult } from '../results/result.ts';
import type { Document, NextStep, ToolResult } from '../results/tool-result.ts';
import type { AskedView } from '../results/view.ts';
import type { ToolContext } from './tool.ts';

export interface CallAnswerOptions {
  /** Default: the pictures as they are. */
  readonly view?: AskedView | undefined;
  /** What may be done once the pictures are here. */
  readonly step?: NextStep | undefined;
  /** Whether the request is the one that asked for the pictures. */
  readonly isAsker?: boolean;
}

/** What there is of a call once the client has waited, `waitSeconds` or as long as suits it. Rejects as `waitFor` and `callResult` do. */
export async function callAnswer(
  call: Call,
  { waitSeconds }: Document,
  { services, signal, report, client }: ToolContext,
  { view, step, isAsker = false }: CallAnswerOptions = {},
): Promise<ToolResult> {
  const { settings, calls } = services;
  const seconds = (waitSeconds as number | undefined) ?? settings.waitSeconds ?? client.waitSeconds;
  await waitFor(call, { seconds, signal, report, isAsker });
  return {
    ...(await callResult(call, { client, view, step, outputFolder: settings.outputFolder })),
    onDelivered: () => calls.delivered(call),
    onMissed: () => calls.missed(call),
  };
}
