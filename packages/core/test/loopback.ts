// Real HTTP servers on loopback for the tests of this package.

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTCPServer, type Socket, type Server as TCPServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** Serves HTTP until the test ends, or HTTPS with a certificate. */
export async function serve(
  handler: RequestListener,
  certificate?: { readonly key: string; readonly cert: string },
): Promise<{ origin: string; port: number; server: Server }> {
  const server = certificate ? createSecureServer(certificate, handler) : createServer(handler);
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`, port, server };
}

/** Accepts plain connections until the test ends. */
export async function accept(onSocket: (socket: Socket) => void): Promise<{ port: number; server: TCPServer }> {
  const sockets = new Set<Socket>();
  const server = createTCPServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, server };
}

/** A port of loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTCPServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** A promise and the function that resolves it. */
export function signalled<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}

async function listen(server: Server | TCPServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
