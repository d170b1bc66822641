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
import { tools } from '../tools/index.ts';
import type { ToolRequest } from '../tools/run-tool.ts';
import type { Tool } from '../tools/tool.ts';
import { endWith } from './end.ts';

const instructions =
  'Makes and edits pictures with the image services set up on this machine. Pictures are files; answers show a small preview. ' +
  'If a picture is still being made, or a call timed out, use get_image and never generate again: that would be billed again.';
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
export function serve(): void {
  let source: Promise<ServicesSource> | undefined;
  const services = async () => {
    source ??= import('../calls/services.ts').then(({ servicesSource }) => servicesSource());
    return (await source).get();
  };
  const transport = new StdioServerTransport(undefined, undefined, { maxBufferSize });
  const written = new Deliveries(transport);
  serveStdio(() => createServer(services, written), { transport });
  written.listen(transport);
  endWith(transport, {
    settle: async (hurry) => (await source)?.settle(hurry),
    close: async () => (await source)?.close(),
  });
}

function createServer(services: () => Promise<Services>, written: Deliveries): Server {
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
    const result = await runTool(tool, params.arguments, request);
    written.when(context.mcpReq, result);
    return server.projectCallToolResult(toWire(result, server), { ...tool.outputSchema });
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

/** Tells when the answer to a request was written, and when the client had given up before. */
class Deliveries {
  readonly #waiting = new Map<string | number, ToolResult>();
  /** The answers that were written last. */
  readonly #written = new Map<string | number, ToolResult>();

  constructor(transport: StdioServerTransport) {
    const send = transport.send.bind(transport);
    transport.send = async (message) => {
      await send(message);
      if (!('result' in message)) return;
      const { id } = message;
      process.stdout.write('', (error) => {
        const result = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error || !result) return;
        this.#written.set(id, result);
        for (const oldest of this.#written.keys())
          if (this.#written.size > mostRemembered) this.#written.delete(oldest);
        result.onDelivered?.();
      });
    };
  }

  /** Called once the transport serves. */
  listen(transport: StdioServerTransport): void {
    const read = transport.onmessage;
    transport.onmessage = (message) => {
      if ('method' in message && message.method === 'notifications/cancelled') {
        this.#written.get(message.params?.requestId as string | number)?.onMissed?.();
      }
      read?.(message);
    };
  }

  when({ id, signal }: ServerContext['mcpReq'], result: ToolResult): void {
    this.#waiting.set(id, result);
    signal.addEventListener('abort', () => this.#waiting.delete(id), { once: true });
  }
}

/** Answers of which it is known that they were written: a client that gave up says so at about the same time. */
const mostRemembered = 20;

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
  return { content: [...known], structuredContent: { ...structuredContent }, ...(isError && { isError }) };
}

function isModern(server: Server): boolean {
  return (server.getNegotiatedProtocolVersion() ?? '') >= '2026';
}
