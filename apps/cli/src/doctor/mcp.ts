// Whether the MCP server answers: asked as its clients do.

import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import manifest from '../../package.json' with { type: 'json' };
import { type Check, failed } from './check.ts';

const patienceMs = 20_000;

/** Starts the server beside this program, if there is one, and asks for its tools. */
export async function checkMCP(env: { readonly [name: string]: string | undefined }): Promise<Check> {
  const server = await findServer(env);
  if (!server) {
    const hint = 'npm install -g anyimage-mcp adds it, for Claude Desktop, Cursor, VS Code and others.';
    return { name: 'MCP server', state: 'note', message: 'not installed', hint };
  }
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

/** Installed beside this program, in the same checkout, or on the path. */
async function findServer({ PATH = '' }: { readonly [name: string]: string | undefined }): Promise<string | undefined> {
  const file = join('dist', 'anyimage-mcp.js');
  const candidates = [
    installed(file),
    fileURLToPath(new URL(`../../../mcp/${file}`, import.meta.url)),
    fileURLToPath(new URL(`../../mcp/${file}`, import.meta.url)),
    ...PATH.split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, 'anyimage-mcp')),
  ];
  for (const path of candidates) if (path !== undefined && (await exists(path))) return path;
  return undefined;
}

function installed(file: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('anyimage-mcp/package.json')), file);
  } catch {
    return undefined;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
