import { cleanText, ImageError } from '@anyimage/core';
import { unexpected } from '@anyimage/host';
import type { Services } from '../calls/services.ts';
import { failureDocument } from '../results/document.ts';
import { errorText, notesText } from '../results/result-text.ts';
import type { Content, ToolResult } from '../results/tool-result.ts';
import { checkArguments } from './arguments.ts';
import type { Tool, ToolContext } from './tool.ts';

const reportHint = 'Please report it, with what the server writes to stderr when ANYIMAGE_DEBUG is 1.';

/** A request of the client, and the services that it may need. */
export interface ToolRequest extends Omit<ToolContext, 'services'> {
  /** Rejects for a mistake in the settings. */
  readonly services: () => Promise<Services>;
}

/** Runs a tool. Rejects only when the client took its request back; refusals and failures are results. */
export async function runTool(tool: Tool, given: unknown, request: ToolRequest): Promise<ToolResult> {
  try {
    const words = checkArguments(tool, given);
    const services = await request.services();
    const result = await tool.run(words, { ...request, services });
    return { ...result, content: [...result.content, ...noteContent(services)] };
  } catch (error) {
    request.signal.throwIfAborted();
    const known = ImageError.isInstance(error) ? error : unexpected(error, { hint: reportHint });
    if (known !== error && process.env.ANYIMAGE_DEBUG) {
      process.stderr.write(`${cleanText(String(error instanceof Error ? error.stack : error))}\n`);
    }
    return {
      content: [{ type: 'text', text: `${tool.failureWords ?? ''}${errorText(known)}` }],
      structuredContent: tool.outputSchema ? (tool.failed?.(known) ?? failureDocument(known)) : {},
      isError: true,
    };
  }
}

/** What the person should know of their settings. */
function noteContent(services: Services): Content[] {
  const notes = services.takeNotes();
  return notes.length ? [{ type: 'text', text: notesText(notes) }] : [];
}
