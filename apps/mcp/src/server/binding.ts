// What the handlers of a server share.

import type { Server } from '@modelcontextprotocol/server';
import type { Services } from '../calls/services.ts';
import type { StdioTransport } from './wire/stdio.ts';

export interface Binding {
  readonly server: Server;
  readonly transport: StdioTransport;
  /** Rejects for a mistake in the settings. */
  readonly services: () => Promise<Services>;
}

/** Whether the client speaks the era of 2026-07-28, in which each request stands for itself. */
export function isModern(server: Server): boolean {
  return (server.getNegotiatedProtocolVersion() ?? '') >= '2026';
}
