// A gateway, from its start to its end.

import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { ImageError, isLoopback } from '@anyimage/core';
import { withLock } from '@anyimage/host';
import type { Kept } from '@anyimage/store-redis/contract';
import { createAdaptorServer } from '@hono/node-server';
import { Calls } from '../calls/calls.ts';
import { closeBooks, fetchLeftovers, goOnWithTasks, tidyUp } from '../calls/leftovers.ts';
import { CallMaker } from '../calls/make-calls.ts';
import type { Queue } from '../calls/queue.ts';
import type { Tracing } from '../calls/tracing.ts';
import type { GatewaySettings } from '../config/load-config.ts';
import { keepInFolder, openShared } from '../kept/keep.ts';
import { openPictures, type PictureStore } from '../kept/pictures.ts';
import { signerWith } from '../kept/signing.ts';
import type { SharedQueueOptions } from '../queue/shared-queue.ts';
import { badRequest, errorAnswer } from '../wire/envelope.ts';
import { local } from './access.ts';
import { createApp } from './app.ts';
import { BodyRoom } from './bodies.ts';
import { createMetrics } from './metrics.ts';
import type { Surroundings } from './surroundings.ts';
import { requestOfTask } from './tasks.ts';

export interface GatewayOptions {
  /** Reads what holds: at the start, and again by `reload`. */
  readonly load: () => Promise<GatewaySettings>;
  /** In place of what the config says. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** How often something is sent to who waits for events, ms. */
  readonly keepAliveMs?: number;
  /** Told of what goes wrong and needs nobody's answer. */
  readonly onProblem?: (error: unknown) => void;
  /** Unix time, ms. */
  readonly now?: () => number;
}

export interface Gateway {
  /** `http://127.0.0.1:4040` */
  readonly url: string;
  /** Where it keeps what it must. */
  readonly place: string;
  /** Whether each request needs a key. */
  readonly isKeyRequired: boolean;
  /** Reads the config anew. Throws what is wrong in it; then all stays as it was. What is listened on and kept does not change. */
  reload(): Promise<void>;
  /** Takes no more requests, brings home what is paid for, and ends. Never rejects. */
  close(): Promise<void>;
}

const usual = {
  host: '127.0.0.1',
  port: 4040,
  bodies: 512 * 2 ** 20,
  uploadSeconds: 120,
  graceSeconds: 120,
  keepHours: 24,
};
const hourMs = 3_600_000;

/** Starts one. Throws `config` for what is wrong in its config or stands in the way of listening, `storage`. */
export async function startGateway({
  load,
  keepAliveMs = 15_000,
  now = Date.now,
  onProblem = () => {},
  ...given
}: GatewayOptions): Promise<Gateway> {
  let gateway = await load();
  const { data, config } = gateway;
  const host = given.host ?? config.listen?.host ?? usual.host;
  const port = given.port ?? config.listen?.port ?? usual.port;
  const letGo = gateway.redis ? async () => {} : await holdFolder(data);
  const shared = gateway.redis && (await openShared(gateway.redis));
  const kept = shared?.kept ?? (await keepInFolder(data));
  let isEnding = false;
  let timer: NodeJS.Timeout | undefined;
  let queue: Queue | undefined;
  let pictures: PictureStore | undefined;
  let tracing: Tracing | undefined;
  const letGoOfAll = async () => {
    clearInterval(timer);
    await queue?.close();
    await pictures?.close();
    await tracing?.close();
    await kept.close().catch(() => {});
    await letGo();
  };
  try {
    const isHere = isLoopback(`http://${host.includes(':') ? `[${host}]` : host}`);
    if (!isHere) await refuseWithoutKeys(kept, host, now());
    const store = await openPictures(join(data, 'pictures'), gateway.s3, onProblem);
    pictures = store;
    const signer = signerWith(await kept.secret());
    // Loaded where it is asked for alone.
    if (config.tracing) tracing = (await import('../calls/tracing.ts')).openTracing(config.tracing);
    const metrics = createMetrics(() => calls.size);
    const maker = shared
      ? undefined
      : new CallMaker(gateway, { kept, pictures: store, onEnd: metrics.ended, tracing, now });
    const running = maker ?? (await sharedQueue({ ...shared!, pictures: store, onEnd: metrics.made }));
    queue = running;
    const calls = new Calls({ intents: kept.intents, queue: running, now });
    const at: Surroundings = {
      gateway: () => gateway,
      kept,
      pictures: store,
      calls,
      signer,
      room: new BodyRoom(config.limits?.bodiesBytes ?? usual.bodies),
      metrics,
      tracing,
      isKeyRequired: !isHere || (config.requireKey ?? false),
      isEnding: () => isEnding,
      keepAliveMs,
      now,
    };
    const keepMs = () => (gateway.config.pictures?.keepHours ?? usual.keepHours) * hourMs;
    const tidy = () => tidyUp(kept, store, now() - keepMs()).catch(onProblem);
    await tidy();
    timer = setInterval(tidy, hourMs).unref();
    // Where there are workers, they do.
    if (maker) await goOn(maker, calls);
    const server = createAdaptorServer({
      fetch: createApp(at).fetch,
      createServer,
      serverOptions: { connectionsCheckingInterval: 5000 },
    }) as Server;
    prepare(server, (config.limits?.uploadSeconds ?? usual.uploadSeconds) * 1000);
    await listen(server, host, port);
    const shownHost = host.includes(':') ? `[${host}]` : host;
    return {
      url: `http://${shownHost}:${(server.address() as AddressInfo).port}`,
      place: shared?.session.place ?? data,
      isKeyRequired: at.isKeyRequired,
      async reload() {
        gateway = await load();
        running.use(gateway);
      },
      async close() {
        if (isEnding) return;
        isEnding = true;
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeIdleConnections();
        await calls.settle((gateway.config.limits?.graceSeconds ?? usual.graceSeconds) * 1000);
        // Answers that are ready are written; who does not read them gets them by asking again.
        const late = setTimeout(() => server.closeAllConnections(), 2000);
        server.closeIdleConnections();
        await closed;
        clearTimeout(late);
        await letGoOfAll();
      },
    };
  } catch (error) {
    await letGoOfAll();
    throw error;
  }

  /** With what the gateway before left: none other is at it. */
  async function goOn(maker: CallMaker, calls: Calls): Promise<void> {
    await closeBooks(kept);
    const ofTasks = new Set((await kept.intents.openTasks()).map(({ id }) => id));
    await goOnWithTasks({ kept, calls, local, readTask: (task) => requestOfTask(task, gateway.settings) });
    await fetchLeftovers(
      kept,
      (ticket) => void maker.fetch(ticket),
      (intent) => !ofTasks.has(intent),
    );
  }
}

async function sharedQueue(options: SharedQueueOptions): Promise<Queue> {
  const { SharedQueue } = await import('../queue/shared-queue.ts');
  return new SharedQueue(options);
}

/** One gateway at a time keeps what is in a folder. Resolves to what lets go of it. Throws `storage` while another has it. */
async function holdFolder(data: string): Promise<() => Promise<void>> {
  const { promise: end, resolve: letGo } = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = withLock(
    join(data, 'gateway'),
    async () => {
      held.resolve();
      await end;
    },
    0,
  );
  holding.catch((error: unknown) => {
    const isTaken = ImageError.isInstance(error) && JSON.stringify(error.details ?? '').includes('locked');
    held.reject(isTaken ? taken(data, error) : error);
  });
  await held.promise;
  return async () => {
    letGo();
    await holding.catch(() => {});
  };
}

function taken(data: string, cause: unknown): ImageError {
  return new ImageError('storage', `another gateway runs with the folder ${data}`, {
    cause,
    hint: 'End it first, or give this one a folder of its own: "data" in gateway.json.',
  });
}

async function refuseWithoutKeys({ keys }: Kept, host: string, now: number): Promise<void> {
  const all = await keys.list();
  if (all.some(({ revokedAt, expiresAt = Number.POSITIVE_INFINITY }) => revokedAt === undefined && expiresAt > now))
    return;
  throw new ImageError(
    'config',
    `it does not listen on ${host} while it has no keys: anybody could spend money there`,
    {
      hint: 'Add one: anyimage-gateway keys add NAME. Or listen on 127.0.0.1, where none is needed.',
    },
  );
}

/** What comes that is no request is answered as requests are. */
function prepare(server: Server, uploadMs: number): void {
  server.requestTimeout = uploadMs;
  server.headersTimeout = Math.min(uploadMs, 30_000);
  // Longer than clients and proxies keep theirs: they close first, and send nothing into a closed one.
  server.keepAliveTimeout = 75_000;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const { status, body } = errorAnswer(clientProblem(error.code ?? ''));
    const text = JSON.stringify(body);
    const head = `HTTP/1.1 ${status} Error\r\ncontent-type: application/json\r\nx-should-retry: false\r\nconnection: close`;
    socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  });
}

function clientProblem(code: string): Error {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return badRequest(
      'The request took too long to arrive. Send it again, faster or smaller.',
      'request_timeout',
      undefined,
      408,
    );
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return badRequest('The headers are too large. Send fewer or shorter ones.', 'headers_too_large', undefined, 431);
  }
  return badRequest(
    'This is no HTTP request that can be read. Check the client and what is between it and here.',
    'invalid_http',
  );
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(
        new ImageError(
          'config',
          `it cannot listen on ${host}:${port}: ${isTaken ? 'another program does' : error.message}`,
          {
            cause: error,
            hint: 'Choose another with --port, or listen in gateway.json.',
          },
        ),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
