// How long an MCP client waits at the start: from spawning the server to its answer to tools/list, against bare Node.
// 21 warm starts of each, interleaved, so that what else the machine does hits both alike.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../apps/mcp/dist/anyimage-mcp.js', import.meta.url));
const starts = 21;
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

async function listTools() {
  const started = performance.now();
  const child = spawn(process.execPath, [server], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  for await (const line of createInterface({ input: child.stdout })) if (JSON.parse(line).id === 2) break;
  const ms = performance.now() - started;
  child.stdin.end();
  await once(child, 'close');
  return ms;
}

async function bareNode() {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0']), 'close');
  return performance.now() - started;
}

await listTools();
await bareNode();
const times = { server: [], node: [] };
for (let i = 0; i < starts; i++) {
  times.node.push(await bareNode());
  times.server.push(await listTools());
}
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const [bare, ready] = [median(times.node), median(times.server)];
console.log(
  `bare Node ${bare.toFixed(0)} ms, tools/list ${ready.toFixed(0)} ms: ${(ready / bare).toFixed(2)}x (medians of ${starts})`,
);
