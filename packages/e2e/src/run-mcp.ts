// The built MCP server, as clients start it, with an environment of its own.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a client's configuration names: the built bundle. */
export const server = fileURLToPath(new URL('../../../apps/mcp/dist/anyimage-mcp.js', import.meta.url));

/** How a client starts the server: with an empty home, and nothing set. */
export interface ServerParameters {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly stderr: 'pipe';
  /** Where it is started; default the current folder. */
  readonly cwd?: string;
}

export async function newServer(env: Readonly<Record<string, string>> = {}): Promise<ServerParameters> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-mcp-')));
  const own = { PATH: process.env.PATH ?? '', HOME: home, ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', ...env };
  return { command: process.execPath, args: [server], env: own, stderr: 'pipe' };
}

export interface Message {
  readonly jsonrpc: string;
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
  readonly params?: Record<string, unknown>;
}

/** The server without a client library: lines in, lines out. */
export interface RawServer {
  readonly child: ChildProcessWithoutNullStreams;
  /** Every line of stdout, parsed. A line that is no JSON ends up here as text. */
  readonly lines: readonly (Message | string)[];
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  notify(method: string, params?: object): void;
  /** Resolves with the answer. */
  ask(method: string, params?: object): Promise<Message>;
  /** A request by its id, which can be taken back. */
  begin(method: string, params?: object): { readonly id: number; readonly answer: Promise<Message> };
}

export function startRaw({ command, args, env, cwd }: ServerParameters): RawServer {
  const child = spawn(command, args, { env, stdio: 'pipe', ...(cwd !== undefined && { cwd }) });
  child.stdin.on('error', () => {}); // a server that has ended
  child.stderr.resume();
  const lines: (Message | string)[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const whole = (rest + text).split('\n');
    rest = whole.pop()!;
    for (const line of whole) {
      const message = parse(line);
      lines.push(message);
      if (typeof message === 'object' && message.id !== undefined) waiting.get(message.id)?.(message);
    }
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let id = 0;
  const begin: RawServer['begin'] = (method, params = {}) => {
    const own = ++id;
    const answer = new Promise<Message>((resolve) => waiting.set(own, resolve));
    send({ id: own, method, params });
    return { id: own, answer };
  };
  return {
    child,
    lines,
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
    notify: (method, params = {}) => void send({ method, params }),
    ask: (method, params) => begin(method, params).answer,
    begin,
  };
}

function parse(line: string): Message | string {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
