// Starts of the apps against bare Node, each from spawning to its end or answer: `anyimage --version`, and an MCP client's wait for
// the server's answer to tools/list. Says the medians in JSON, ms.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inTurns, pathOf } from './measure.mjs';

const [, , rounds] = process.argv;
const cli = pathOf('../apps/cli/dist/anyimage.js');
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

async function toItsEnd(...words) {
  await once(spawn(process.execPath, words, { stdio: 'ignore' }), 'close');
}

/** The server, still there. */
async function listTools() {
  const child = spawn(process.execPath, [server], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(spoken);
  for await (const line of createInterface({ input: child.stdout })) if (JSON.parse(line).id === 2) break;
  return child;
}

/** Its end is nothing that a client waits for, and must not fall into the next start. */
async function endServers(results) {
  for (const child of results.filter(Boolean)) {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'close');
  }
}

const ways = {
  node: () => toItsEnd('-e', '0'),
  version: () => toItsEnd(cli, '--version'),
  tools: listTools,
};
console.log(JSON.stringify(await inTurns(ways, { rounds: Number(rounds), warmUp: 2, afterTurn: endServers })));
