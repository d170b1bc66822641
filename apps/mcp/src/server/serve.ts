// The binding to the SDK: the only file that knows the protocol. Everything that a list of tools does not need is loaded later.

import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import {
  type CallToolResult,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { Services, ServicesSource } from '../calls/services.ts';
import { unknownClient } from '../results/profiles.ts';
import type { ToolResult } from '../results/tool-result.ts';
import type { ToolRequest } from '../tools/run-tool.ts';
import type { Offer, Tool } from '../tools/tool.ts';
import { endWith } from './end.ts';

/** An input picture may come as a data: URI in one message. */
const maxBufferSize = 100 * 2 ** 20;
/** A client that does not answer for its roots has none. */
const rootsMs = 5000;

// Building code for a schema that is used once takes longer than checking with it.
z.config({ jitless: true });

// stdout belongs to the protocol: what some package prints goes to stderr.
const { console: printer } = globalThis;
printer.log = printer.error;
printer.info = printer.error;
printer.debug = printer.error;

/** Serves MCP over stdin and stdout, in both eras of the protocol, until stdin ends or a signal comes. */
export function serve(offer: Offer): void {
  let source: Promise<ServicesSource> | undefined;
  const services = async () => {
    source ??= import('../calls/services.ts').then(({ servicesSource }) => servicesSource(offer.env));
    return (await source).get();
  };
  const transport = new StdioServerTransport(undefined, undefined, { maxBufferSize });
  serveStdio(() => createServer(services, offer), { transport });
  endWith(transport, async () => (await source)?.close());
}

function createServer(services: () => Promise<Services>, { tools, instructions }: Offer): Server {
  const server = new Server(
    { name: 'anyimage', title: 'anyimage', version: manifest.version },
    { capabilities: { tools: {}, resources: {} }, instructions },
  );

  server.setRequestHandler('tools/list', () => {
    // A server that is killed writes no compile cache at its end.
    setImmediate(() => nodeModule.flushCompileCache());
    return { tools: tools.map(shown) as unknown as ListToolsResult['tools'] };
  });

  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) {
      const names = tools.map(({ name }) => name).join(', ');
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `no tool ${JSON.stringify(params.name)}; there are: ${names}`,
      );
    }
    const { runTool } = await import('../tools/run-tool.ts');
    const request = requestOf(server, context, services);
    const result = toWire(await runTool(tool, params.arguments, request), server);
    return server.projectCallToolResult(result, tool.outputSchema && { ...tool.outputSchema });
  });

  server.setRequestHandler('resources/list', async () => {
    const { listResources } = await import('./resources.ts');
    return { resources: [...(await listResources(await services().catch(asProtocolError)))] };
  });

  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));

  server.setRequestHandler('resources/read', async ({ params }) => {
    const { readResource, ResourceRefused } = await import('./resources.ts');
    try {
      return { contents: [await readResource(params.uri, await services().catch(asProtocolError))] };
    } catch (error) {
      if (!(error instanceof ResourceRefused)) throw error;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { uri: params.uri });
    }
  });

  return server;
}

/** What a client is told of a tool. */
function shown({ name, title, description, inputSchema, outputSchema, annotations }: Tool) {
  return { name, title, description, inputSchema, outputSchema, annotations };
}

function requestOf(server: Server, { mcpReq }: ServerContext, services: () => Promise<Services>): ToolRequest {
  const progressToken = mcpReq._meta?.progressToken;
  const startedAt = Date.now();
  let last = -1;
  return {
    services,
    signal: mcpReq.signal,
    client: unknownClient,
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
      if (!server.getClientCapabilities()?.roots || isModern(server)) return [];
      const { roots } = await server
        .listRoots(undefined, { signal: mcpReq.signal, timeout: rootsMs })
        .catch(() => ({ roots: [] }));
      return roots.filter(({ uri }) => URL.parse(uri)?.protocol === 'file:').map(({ uri }) => fileURLToPath(uri));
    },
  };
}

/** What is wrong with the settings, in one line. */
function asProtocolError(error: unknown): never {
  const { message, hint } = error as { readonly message: string; readonly hint?: string };
  throw new ProtocolError(ProtocolErrorCode.InternalError, [message, hint].filter(Boolean).join('. '));
}

/** Clients from before 2025-06-18 refuse an answer with content that they do not know; the text names the files. */
function toWire({ content, structuredContent, isError }: ToolResult, server: Server): CallToolResult {
  const version = server.getNegotiatedProtocolVersion() ?? '';
  const known = version < '2025-06-18' ? content.filter(({ type }) => type !== 'resource_link') : content;
  const isPlain = Object.keys(structuredContent).length === 0;
  const structure = isPlain ? {} : { structuredContent: { ...structuredContent } };
  return { content: [...known], ...structure, ...(isError && { isError }) };
}

function isModern(server: Server): boolean {
  return (server.getNegotiatedProtocolVersion() ?? '') >= '2026';
}
