// Starts of the apps against bare Node, each from spawning to its end or answer: the command line's version, help and list of models, one
// picture of the embedded provider from the prompt to the file, and an MCP client's wait for the server's answer to tools/list. Says the
// medians in JSON, ms.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, endServers, listTools, toItsEnd } from './apps.mjs';
import { inTurns } from './measure.mjs';

const [, , rounds = '31'] = process.argv;
const home = await mkdtemp(join(tmpdir(), 'anyimage-bench-'));
const env = { ...process.env, ANYIMAGE_HOME: home };
const picture = [
  'a paper boat at dawn',
  '-m',
  'sketch',
  '--size',
  '1024x1024',
  '--force',
  '-o',
  join(home, 'boat.png'),
];
const ways = {
  node: () => toItsEnd(['-e', '0']),
  version: () => toItsEnd([cli, '--version'], env),
  help: () => toItsEnd([cli, '--help'], env),
  models: () => toItsEnd([cli, 'models'], env),
  sketch: () => toItsEnd([cli, ...picture], env),
  tools: () => listTools(env),
};
try {
  console.log(JSON.stringify(await inTurns(ways, { rounds: Number(rounds), warmUp: 2, afterTurn: endServers })));
} finally {
  await rm(home, { recursive: true, force: true });
}
