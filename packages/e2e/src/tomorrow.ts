// OpenAI on the day on which it has a model more: the emulator, before which a model of that name is served by one of today.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { emulator } from '@anyimage/provider-openai/emulator';
import type { Emulator } from '@anyimage/testkit';

export interface Tomorrow {
  readonly baseURL: string;
  /** The JSON bodies that were sent for the new model, in their order. */
  readonly asked: readonly { readonly [word: string]: unknown }[];
  readonly service: Emulator;
  close(): Promise<void>;
}

/** `model`: the new one. `by`: which serves it. */
export async function startTomorrow(model: string, by: string): Promise<Tomorrow> {
  const service = await emulator.start();
  const asked: { readonly [word: string]: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const text = await readAll(request);
    const body = request.headers['content-type'] === 'application/json' ? JSON.parse(text) : undefined;
    if (body?.model === model) asked.push(body);
    const forwarded = body && JSON.stringify(body.model === model ? { ...body, model: by } : body);
    const answer = await fetch(`${service.origin}${request.url}`, {
      method: request.method!,
      headers: {
        authorization: request.headers.authorization ?? '',
        ...(forwarded && { 'content-type': 'application/json' }),
      },
      ...(forwarded && { body: forwarded }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    asked,
    service,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await service.close();
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
