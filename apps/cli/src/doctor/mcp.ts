// Whether the MCP server answers: asked as its clients do.

import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import manifest from '../../package.json' with { type: 'json' };
import { type Check, failed } from './check.ts';

const patienceMs = 20_000;

/** The server that comes with this program: dist has both. */
const server = fileURLToPath(new URL('../anyimage-mcp.js', import.meta.url));

/** Starts the server and asks for its tools. */
export async function checkMCP(env: { readonly [name: string]: string | undefined }): Promise<Check> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [server],
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    stderr: 'ignore',
  });
  const client = new Client({ name: 'anyimage-doctor', version: manifest.version });
  try {
    await client.connect(transport, { timeout: patienceMs });
    const { tools } = await client.listTools({}, { timeout: patienceMs });
    const names = tools.map(({ name }) => name).join(', ');
    return { name: 'MCP server', state: 'ok', message: `${client.getServerVersion()?.version ?? '?'}: ${names}` };
  } catch (error) {
    return failed('MCP server', new Error(`${server} does not answer: ${failed('', error).message}`));
  } finally {
    await client.close();
  }
}
