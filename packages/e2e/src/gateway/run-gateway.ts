// The built gateway, as its own process, with a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI, { type ClientOptions } from 'openai';

const program = fileURLToPath(new URL('../../../../apps/gateway/dist/anyimage-gateway.js', import.meta.url));

/** Where gateways keep what they must, one after the other. */
export interface GatewayPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningGateway extends RunningProgram {
  readonly url: string;
  /** OpenAI's own client, which tries again as usual. */
  client(options?: ClientOptions): OpenAI;
  generate(words: object, headers?: Record<string, string>): Promise<Response>;
}

export async function newGatewayPlace(
  env: Readonly<Record<string, string>>,
  config: object = {},
): Promise<GatewayPlace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-gateway-')));
  const place = {
    folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      ANYIMAGE_HOME: join(folder, 'home'),
      ANYIMAGE_KEYCHAIN: 'off',
      ...env,
    },
  };
  await writeConfig(place, config);
  return place;
}

export async function writeConfig({ folder }: GatewayPlace, config: object): Promise<void> {
  await writeFile(join(folder, 'gateway.json'), JSON.stringify({ listen: { port: 0 }, ...config }));
}

/** A process of the gateway's program. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** What it said on stderr so far. */
  readonly said: () => string;
  /** Resolves once it said that on stderr. Rejects if it ends before. */
  says(text: string): Promise<void>;
  /** Resolves to its exit code once it has ended. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function startProgram({ folder, env }: GatewayPlace, ...words: string[]): RunningProgram {
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    child.emit('said');
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    said: () => said,
    async says(text) {
      while (!said.includes(text)) {
        if (hasEnded()) throw new Error(`${words.join(' ') || 'the gateway'} ended: ${said}`);
        await Promise.race([once(child, 'said'), once(child, 'exit')]);
      }
    },
    async end(signal) {
      if (hasEnded()) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      return (await ended)[0] as number | null;
    },
  };
}

/** Starts a worker, and resolves when it works. */
export async function startWorker(place: GatewayPlace): Promise<RunningProgram> {
  const worker = startProgram(place, 'worker');
  await worker.says('requests at a time');
  return worker;
}

/** Starts one, and resolves when it serves. */
export async function startGateway(place: GatewayPlace): Promise<RunningGateway> {
  const started = startProgram(place);
  await started.says('/v1 for who asks');
  const url = /serves (\S+)\/v1/.exec(started.said())![1]!;
  return {
    ...started,
    url,
    client: (options = {}) => new OpenAI({ apiKey: 'test-key', baseURL: `${url}/v1`, ...options }),
    generate: (words, headers = {}) =>
      fetch(`${url}/v1/images/generations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(words),
      }),
  };
}
