// One call of a tool, from the words of the protocol to ours and back.

import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type InputRequiredResult,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { profileOf } from '../results/profiles.ts';
import type { ToolResult } from '../results/tool-result.ts';
import { runTool, type ToolRequest } from '../tools/run-tool.ts';
import { AskPerson, type Tool } from '../tools/tool.ts';
import { questionResult, withAnswers } from './asking.ts';
import { type Binding, isModern } from './binding.ts';
import { rootFolders } from './roots.ts';
import { anything } from './wire/anything.ts';

/** A client that does not answer for its roots has none. */
const rootsMs = 5000;

/** What a tool answers, or the question to the person that has to be answered first. Rejects when the client took its request back. */
export async function callTool(
  tool: Tool,
  given: unknown,
  context: ServerContext,
  binding: Binding,
): Promise<CallToolResult | InputRequiredResult> {
  const { server, transport } = binding;
  const { id, signal } = context.mcpReq;
  try {
    const result = await answered(tool, given, context, binding);
    transport.whenAnswered(id, signal, result);
    return server.projectCallToolResult(toWire(result, server), tool.outputSchema && { ...tool.outputSchema });
  } catch (error) {
    if (error instanceof AskPerson) return questionResult(error, context);
    throw error;
  }
}

/** What a tool answers, the person having been asked where the client can ask in the course of a call. Rejects as `runTool` and `withAnswers` do. */
export function answered(tool: Tool, given: unknown, context: ServerContext, binding: Binding): Promise<ToolResult> {
  const request = requestOf(context, binding);
  const { capabilities } = clientOf(context, binding.server);
  const asking = { context, server: binding.server, capabilities, report: request.report };
  return withAnswers((ask) => runTool(tool, given, { ...request, ask }), asking);
}

/** A request of the client in words of our own, of a client that cannot ask. */
export function requestOf(context: ServerContext, { server, services }: Binding): ToolRequest {
  const { mcpReq } = context;
  const progressToken = mcpReq._meta?.progressToken;
  const startedAt = Date.now();
  const { info, capabilities } = clientOf(context, server);
  let last = -1;
  return {
    services,
    signal: mcpReq.signal,
    client: profileOf(info, capabilities),
    ask: () => undefined,
    report(message) {
      if (progressToken === undefined || mcpReq.signal.aborted) return;
      // Nobody knows how long it takes: progress is the seconds so far, and has to grow.
      last = Math.max(last + 0.001, (Date.now() - startedAt) / 1000);
      const params = { progressToken, progress: Math.round(last * 1000) / 1000, message };
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
    async clientRoots() {
      // The era of 2026-07-28 has no such question.
      if (!capabilities?.roots || isModern(server)) return [];
      const options = { signal: mcpReq.signal, timeout: rootsMs };
      return rootFolders(await server.request({ method: 'roots/list' }, anything, options).catch(() => undefined));
    },
  };
}

interface ClientFacts {
  readonly info: Implementation | undefined;
  readonly capabilities: ClientCapabilities | undefined;
}

/** In the new era each request says who its client is, and what that can do. */
function clientOf({ mcpReq }: ServerContext, server: Server): ClientFacts {
  if (!isModern(server)) return { info: server.getClientVersion(), capabilities: server.getClientCapabilities() };
  const envelope: { readonly [key: string]: unknown } = mcpReq.envelope ?? {};
  return {
    info: envelope[CLIENT_INFO_META_KEY] as Implementation | undefined,
    capabilities: envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined,
  };
}

/** Clients from before 2025-06-18 refuse an answer with content that they do not know; the text names the files. */
export function toWire({ content, structuredContent, isError }: ToolResult, server: Server): CallToolResult {
  const version = server.getNegotiatedProtocolVersion() ?? '';
  const known = version < '2025-06-18' ? content.filter(({ type }) => type !== 'resource_link') : content;
  return {
    content: [...known] as CallToolResult['content'],
    ...(structuredContent && { structuredContent: { ...structuredContent } }),
    ...(isError && { isError }),
  };
}
