// A gateway over emulated services, for tests.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { emulator } from '@anyimage/provider-openai/emulator';
import OpenAI, { type ClientOptions } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { loadGateway } from '../src/config/load-config.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../src/http/start-gateway.ts';
import { requestOfTask } from '../src/http/tasks.ts';
import { startWorker } from '../src/queue/start-worker.ts';

export interface TestGateway extends Gateway {
  readonly folder: string;
  /** OpenAI's own client, which tries again as usual. */
  readonly client: (options?: ClientOptions) => OpenAI;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  readonly restart: () => Promise<TestGateway>;
}

export type TestService = Awaited<ReturnType<typeof emulator.start>>;

export interface TestOptions extends Partial<Omit<GatewayOptions, 'load'>> {
  readonly config?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly folder?: string;
  /** The server of Redis that it shares with a worker of its own; absent = it keeps all by itself. */
  readonly redis?: string | undefined;
}

/** Starts one; its config may be changed in `gateway.json` of `folder`. */
export async function startTestGateway({ config = {}, env = {}, ...options }: TestOptions = {}): Promise<TestGateway> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'gateway-')));
  const path = join(folder, 'gateway.json');
  const { redis } = options;
  const store = redis && { store: { redis: { url: redis, prefix: basename(folder) } } };
  if (!options.folder)
    await writeFile(path, JSON.stringify({ listen: { port: 0 }, data: 'data', ...store, ...config }));
  const load = () => loadGateway({ path, env: { ANYIMAGE_HOME: join(folder, 'home'), ...env } });
  const gateway = await startGateway({ ...options, load });
  const worker = redis && (await startWorker({ load, readTask: requestOfTask }));
  return {
    ...gateway,
    async close() {
      await gateway.close();
      if (worker) await worker.close();
    },
    folder,
    client: (given = {}) => new OpenAI({ apiKey: 'test-key', baseURL: `${gateway.url}/v1`, ...given }),
    post: (to, body, headers = {}) =>
      fetch(`${gateway.url}${to}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    restart: () => startTestGateway({ ...options, env, folder }),
  };
}

/** Ends it and removes what it kept. */
export async function endTestGateway(gateway: TestGateway): Promise<void> {
  await gateway.close();
  await rm(gateway.folder, { recursive: true, force: true });
}

interface AtHand {
  service: TestService;
  /** A test may put another in its place. */
  gateway: TestGateway;
}

/** A gateway over one imitated service, for each test of a file or for all of them; ended after them. */
export function useGateway(per: 'test' | 'file', options: TestOptions = {}): AtHand {
  const [before, after] = per === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  const at = {} as AtHand;
  before(async () => {
    at.service = await emulator.start();
    at.gateway = await startTestGateway({ env: at.service.env, ...options });
  });
  after(async () => {
    await endTestGateway(at.gateway);
    await at.service.close();
  });
  return at;
}

export { emulator };
