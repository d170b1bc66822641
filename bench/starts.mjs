// Starts of the apps against bare Node, each from spawning to its end or answer: `anyimage --version`, and an MCP client's wait for
// the server's answer to tools/list. Says the medians in JSON, ms.
import { cli, endServers, listTools, toItsEnd } from './apps.mjs';
import { inTurns } from './measure.mjs';

const [, , rounds] = process.argv;
const ways = {
  node: () => toItsEnd(['-e', '0']),
  version: () => toItsEnd([cli, '--version']),
  tools: () => listTools(),
};
console.log(JSON.stringify(await inTurns(ways, { rounds: Number(rounds), warmUp: 2, afterTurn: endServers })));
