// The binding to the SDK. Everything that a list of tools does not need is loaded later.

import nodeModule from 'node:module';
import { type ListToolsResult, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { Services, ServicesSource } from '../calls/services.ts';
import type { Offer, Tool } from '../tools/tool.ts';
import { type Binding, isModern } from './binding.ts';
import { endWith } from './end.ts';
import type { GalleryWatch } from './gallery-watch.ts';
import { canRunTasks, isTaskRequest, setTaskHandlers, tasksCapability } from './task-words.ts';
import { shown } from './wire/shown.ts';
import { StdioTransport } from './wire/stdio.ts';

// Building code for a schema that is used once takes longer than checking with it.
z.config({ jitless: true });

// stdout belongs to the protocol: what some package prints goes to stderr.
const { console: printer } = globalThis;
printer.log = printer.error;
printer.info = printer.error;
printer.debug = printer.error;

/** What never changes while a server runs. */
const forAnHour = { ttlMs: 3_600_000, cacheScope: 'public' } as const;

/** Serves MCP over stdin and stdout, in both eras of the protocol, until stdin ends or a signal comes. */
export function serve(offer: Offer): void {
  let source: Promise<ServicesSource> | undefined;
  const services = async () => {
    source ??= import('../calls/services.ts').then(({ servicesSource }) => servicesSource(offer.env, offer.notes));
    return (await source).get();
  };
  const transport = new StdioTransport();
  serveStdio(({ era }) => createServer({ era, transport, services, offer }), { transport });
  endWith(transport, {
    settle: async (hurry) => (await source)?.settle(hurry),
    close: async () => (await source)?.close(),
  });
}

interface ServerParts extends Omit<Binding, 'server'> {
  readonly era: 'legacy' | 'modern';
  readonly offer: Offer;
}

function createServer({ era, transport, services, offer }: ServerParts): Server {
  const { instructions, toolsAlone = false } = offer;
  const server = new Server(
    { name: 'anyimage', title: 'anyimage', version: manifest.version },
    {
      capabilities: {
        tools: {},
        ...(!toolsAlone && {
          prompts: {},
          completions: {},
          resources: { subscribe: true, listChanged: true },
          ...(era === 'legacy' && { tasks: tasksCapability }),
        }),
      },
      cacheHints: {
        'tools/list': forAnHour,
        'server/discover': forAnHour,
        ...(!toolsAlone && { 'prompts/list': forAnHour, 'resources/templates/list': forAnHour }),
      },
      instructions,
    },
  );
  const binding = { server, transport, services };
  setToolHandlers(binding, offer);
  if (toolsAlone) return server;
  setPromptHandlers(binding);
  setResourceHandlers(binding);
  if (era === 'legacy') setTaskHandlers(binding);
  return server;
}

function setToolHandlers(binding: Binding, { tools, toolsAlone = false }: Offer): void {
  const { server } = binding;

  server.setRequestHandler('tools/list', () => {
    // A server that is killed writes no compile cache at its end.
    setImmediate(() => nodeModule.flushCompileCache());
    const withTasks = !toolsAlone && canRunTasks(server);
    return { tools: tools.map((tool) => listed(tool, withTasks)) as unknown as ListToolsResult['tools'] };
  });

  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) {
      const names = tools.map(({ name }) => name).join(', ');
      throw refused(`no tool ${shown(params.name)}; there are: ${names}`);
    }
    const { callTool } = await import('./call-tool.ts');
    if (isTaskRequest(params) && !toolsAlone && canRunTasks(server)) {
      const { startTask } = await import('./tasks.ts');
      return startTask(tool, params, context, binding);
    }
    return callTool(tool, params.arguments, context, binding);
  });
}

function setPromptHandlers({ server, services }: Binding): void {
  server.setRequestHandler('prompts/list', async () => {
    const { listPrompts } = await import('./prompts.ts');
    return { prompts: listPrompts() };
  });

  server.setRequestHandler('prompts/get', async ({ params }) => {
    const { getPrompt, PromptRefused } = await import('./prompts.ts');
    try {
      return getPrompt(params.name, params.arguments);
    } catch (error) {
      throw error instanceof PromptRefused ? refused(error.message) : error;
    }
  });

  server.setRequestHandler('completion/complete', async ({ params }) => {
    const { complete } = await import('./completion.ts');
    return complete(params, await services().catch(asProtocolError)).catch(asProtocolError);
  });
}

function setResourceHandlers({ server, transport, services }: Binding): void {
  const subscribed = new Set<string>();
  let watch: GalleryWatch | undefined;

  /** From now on the client hears of new pictures. One that never asks for resources has nothing to hear. */
  async function follow(): Promise<Services> {
    const { watchGallery } = await import('./gallery-watch.ts');
    const { galleryURI } = await import('./resources.ts');
    const now = await services().catch(asProtocolError);
    watch ??= watchGallery(() => {
      server.sendResourceListChanged().catch(() => {});
      // In the new era each subscription says for itself what it wants to hear.
      if (!isModern(server) && !subscribed.has(galleryURI)) return;
      server.sendResourceUpdated({ uri: galleryURI }).catch(() => {});
    });
    watch.follow(now.settings.outputFolder);
    return now;
  }

  server.onclose = () => watch?.close();
  transport.listening.then(follow).catch(() => {});

  server.setRequestHandler('resources/list', async () => {
    const { listResources } = await import('./resources.ts');
    return { resources: await listResources(await follow()).catch(asProtocolError) };
  });

  server.setRequestHandler('resources/templates/list', async () => {
    const { resourceTemplates } = await import('./resources.ts');
    return { resourceTemplates: [...resourceTemplates] };
  });

  server.setRequestHandler('resources/read', async ({ params }) => {
    const { readResource } = await import('./resources.ts');
    const now = await services().catch(asProtocolError);
    return readResource(params.uri, now).catch((error) => refuseResource(error, params.uri));
  });

  server.setRequestHandler('resources/subscribe', async ({ params }) => {
    const { checkResource } = await import('./resources.ts');
    const now = await services().catch(asProtocolError);
    await checkResource(params.uri, now).catch((error) => refuseResource(error, params.uri));
    subscribed.add(params.uri);
    await follow();
    return {};
  });

  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
}

/** What a client is told of a tool. */
function listed({ name, title, description, inputSchema, outputSchema, annotations }: Tool, withTasks: boolean) {
  const execution = withTasks && !annotations.readOnlyHint && !annotations.idempotentHint;
  const taskSupport = execution && { execution: { taskSupport: 'optional' } };
  return { name, title, description, inputSchema, outputSchema, annotations, ...taskSupport };
}

async function refuseResource(error: unknown, uri: string): Promise<never> {
  const { ResourceRefused } = await import('./resources.ts');
  if (!(error instanceof ResourceRefused)) return asProtocolError(error);
  throw refused(error.message, { uri: uri.slice(0, 80) });
}

function refused(message: string, data?: unknown): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message, data);
}

/** What is wrong with the settings, or with the disk, in one line. */
function asProtocolError(error: unknown): never {
  const { message, hint } = error as { readonly message: string; readonly hint?: string };
  throw new ProtocolError(ProtocolErrorCode.InternalError, [message, hint].filter(Boolean).join('. '));
}
