import { cleanText, ImageError, omit } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import type { Services } from '../calls/services.ts';
import { boundedResult, withoutEchoes } from '../results/bounds.ts';
import { type ClientProfile, overrideProblem } from '../results/profiles.ts';
import { failureResult, withNotes } from '../results/result.ts';
import type { ToolResult } from '../results/tool-result.ts';
import { readArguments } from './arguments.ts';
import { AskPerson, type Tool, type ToolContext } from './tool.ts';

const reportHint = 'Please report it, with what the server writes to stderr when ANYIMAGE_DEBUG is 1.';

/** A request of the client, and the services that it may need. */
export interface ToolRequest extends Omit<ToolContext, 'services'> {
  /** Rejects for a mistake in the settings. */
  readonly services: () => Promise<Services>;
}

/**
 * Runs a tool. Rejects when the client took its request back, and with `AskPerson` when the person is to be asked first; refusals and
 * failures are results.
 */
export async function runTool(tool: Tool, given: unknown, request: ToolRequest): Promise<ToolResult> {
  try {
    const words = readArguments(tool, given);
    const problem = overrideProblem();
    if (problem) throw problem;
    const services = await request.services();
    const made = withNotes(await tool.run(words, { ...request, services }), services.takeNotes());
    return boundedResult(withoutEchoes(forClient(made, tool, request.client), given));
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof AskPerson) throw error;
    const known = ImageError.isInstance(error) ? error : unexpected(error, { hint: reportHint });
    if (known !== error && process.env.ANYIMAGE_DEBUG) {
      process.stderr.write(`${cleanText(String(error instanceof Error ? error.stack : error))}\n`);
    }
    const failure = failureResult(known, !tool.annotations.idempotentHint);
    return boundedResult(withoutEchoes(inWordsOf(tool, failure), given));
  }
}

/** A failure of a tool whose failures begin in a way of their own: one text. */
function inWordsOf({ failureWords }: Tool, failure: ToolResult): ToolResult {
  if (failureWords === undefined) return failure;
  const texts = failure.content.map((content) => (content.type === 'text' ? content.text : ''));
  return { content: [{ type: 'text', text: `${failureWords}${texts.join('\n')}` }], isError: true };
}

/** Without its structure, where that would hide its pictures from the model, and where it may be absent. */
function forClient(result: ToolResult, tool: Tool, { structureHidesPictures }: ClientProfile): ToolResult {
  const isHidden = structureHidesPictures && result.content.some(({ type }) => type === 'image');
  return isHidden && !tool.outputSchema ? omit(result, 'structuredContent') : result;
}
