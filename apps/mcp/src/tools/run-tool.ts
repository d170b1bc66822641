import { cleanText, ImageError } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import type { Services } from '../calls/services.ts';
import { failureResult } from '../results/result.ts';
import { notesText } from '../results/result-text.ts';
import type { Content, ToolResult } from '../results/tool-result.ts';
import { checkArguments } from './arguments.ts';
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
    const words = checkArguments(tool, given);
    const services = await request.services();
    const result = await tool.run(words, { ...request, services });
    return { ...result, content: [...result.content, ...noteContent(services)] };
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof AskPerson) throw error;
    const known = ImageError.isInstance(error) ? error : unexpected(error, { hint: reportHint });
    if (known !== error && process.env.ANYIMAGE_DEBUG) {
      process.stderr.write(`${cleanText(String(error instanceof Error ? error.stack : error))}\n`);
    }
    const failure = failureResult(known, !tool.annotations.idempotentHint);
    return tool.failed ? { ...failure, structuredContent: tool.failed(known) } : failure;
  }
}

/** What the person should know of their settings. */
function noteContent(services: Services): Content[] {
  const notes = services.takeNotes();
  return notes.length ? [{ type: 'text', text: notesText(notes) }] : [];
}
