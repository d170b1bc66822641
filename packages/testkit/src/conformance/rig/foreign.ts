import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drawTestCard } from '../../picture/test-card.ts';

/** A server that is none of the provider's: it serves one picture and notes what it was told. */
export interface Foreign {
  /** The picture's URL. */
  readonly url: string;
  /** Path and headers of every request, as JSON. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startForeign(): Promise<Foreign> {
  const requests: string[] = [];
  const picture = drawTestCard({ prompt: 'foreign', width: 64, height: 64 });
  const server = createServer((request, response) => {
    requests.push(JSON.stringify([request.method, request.url, request.headers]));
    request.resume();
    response.setHeader('content-type', 'image/png').end(picture);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture.png`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
