// The apps as they are started: the command line to its end, and the server to its answer to tools/list.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathOf } from './measure.mjs';

export const cli = pathOf('../apps/cli/dist/anyimage.js');
const server = pathOf('../apps/mcp/dist/anyimage-mcp.js');
const messages = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '0' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
];
const spoken = messages.map((message) => `${JSON.stringify(message)}\n`).join('');

/** Node with these words, to its end. */
export async function toItsEnd(words, env = process.env) {
  const [code] = await once(spawn(process.execPath, words, { stdio: 'ignore', env }), 'close');
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
}

/** The server, still there. */
export async function listTools(env = process.env) {
  const child = spawn(process.execPath, [server], { stdio: ['pipe', 'pipe', 'inherit'], env });
  child.stdin.write(spoken);
  for await (const line of createInterface({ input: child.stdout })) if (JSON.parse(line).id === 2) break;
  return child;
}

/** Its end is nothing that a client waits for, and must not fall into the next start. */
export async function endServers(results) {
  for (const child of results.filter(Boolean)) {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'close');
  }
}
