// What a start costs with twenty plugins that are installed and not used, and with what is kept of the models of every provider: no module
// more, and one file that is read more.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderManifest } from '@anyimage/core';
import { keepListed, providers } from '@anyimage/host';
import { beforeAll, expect, test } from 'vitest';
import { install, plugin } from './plugins.ts';
import { program } from './run-cli.ts';
import { server } from './run-mcp.ts';

/** As large as the largest of ours. */
const largest: ProviderManifest = createRequire(import.meta.url)('@anyimage/provider-bailian/manifest.json');

/** Notes each file that the program opens to read, at the end of the run. */
const hook = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const opened = [];
const note = (path) => opened.push(String(path));
for (const [owner, names] of [[fs, ['openSync', 'readFileSync']], [fs.promises, ['open', 'readFile', 'opendir', 'readdir']]]) {
  for (const name of names) {
    const real = owner[name];
    owner[name] = function (path, ...rest) {
      const result = real.call(this, path, ...rest);
      if (typeof path === 'string' && typeof result?.then === 'function') result.then(() => note(path), () => {});
      else if (typeof path === 'string') note(path);
      return result;
    };
  }
}
syncBuiltinESMExports();
process.on('exit', () => fs.writeFileSync(process.env.OPENED, JSON.stringify(opened)));
`;

interface Start {
  /** Modules of the bundle, by the places of their code. */
  readonly modules: readonly string[];
  /** Files of the home that were read. */
  readonly read: readonly string[];
  readonly stdout: string;
}

let without: string;
let withTwenty: string;
beforeAll(async () => {
  without = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  withTwenty = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  const twenty = Array.from({ length: 20 }, (_, index) => {
    const { models, unlisted, regions } = largest.provider;
    return plugin(`large-${index}`, {
      definition: { models, unlisted: unlisted!, regions, defaultModel: Object.keys(models)[0]! },
    });
  });
  await install(withTwenty, twenty);
});

/** A home with a list of the models of every provider. */
async function homeWithLists(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  for (const { definition } of providers) {
    const { baseURL } = Object.values(definition.regions)[0]!;
    await keepListed(home, definition.id, { baseURL, at: Date.now(), models: [{ id: 'tomorrow' }] });
  }
  return home;
}

async function start(home: string, script: string, words: readonly string[], stdin = ''): Promise<Start> {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-start-'));
  await writeFile(join(folder, 'hook.mjs'), hook);
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ANYIMAGE_HOME: home,
    ANYIMAGE_KEYCHAIN: 'off',
    ANYIMAGE_OUTPUT: folder,
    NODE_V8_COVERAGE: join(folder, 'coverage'),
    OPENED: join(folder, 'opened.json'),
  };
  const child = spawn(process.execPath, ['--import', join(folder, 'hook.mjs'), script, ...words], { env, cwd: folder });
  child.stdin.write(stdin);
  let stdout = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    stdout += text;
    // A client that has its last answer goes.
    if (stdin !== '' && stdout.includes(`"id":${lastId(stdin)}`)) child.stdin.end();
  }
  const [report] = await readdir(env.NODE_V8_COVERAGE);
  const { result } = JSON.parse(await readFile(join(env.NODE_V8_COVERAGE, report!), 'utf8')) as {
    result: { url: string }[];
  };
  const opened: string[] = JSON.parse(await readFile(env.OPENED, 'utf8'));
  return {
    modules: result
      .map(({ url }) => url)
      .filter((url) => url.startsWith('file:') && !url.endsWith('hook.mjs'))
      .sort(),
    read: opened
      .filter((path) => path.startsWith(home))
      .map((path) => path.slice(home.length).replace(/[0-9a-f]{8,}/g, '#')),
    stdout,
  };
}

/** A client that lists the tools and makes a picture. */
const messages = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
];
const asked = {
  id: 3,
  method: 'tools/call',
  params: { name: 'generate_image', arguments: { prompt: 'a boat', size: '64x64' } },
};
const lines = (all: readonly object[]) => all.map((one) => `${JSON.stringify({ jsonrpc: '2.0', ...one })}\n`).join('');

test.each([
  ['the command line, its version', program, ['--version'], '', 0],
  ['the command line, a plan', program, ['a boat', '--dry-run', '--size', '64x64'], '', 1],
  ['the command line, tickets', program, ['jobs', 'list'], '', 1],
  ['the server, the list of tools', server, [], lines(messages), 0],
  ['the server, a picture', server, [], lines([...messages, asked]), 1],
])('%s', async (_, script, words, stdin, files) => {
  const none = await start(without, script, words, stdin);
  const twenty = await start(withTwenty, script, words, stdin);
  expect(twenty.modules).toEqual(none.modules);
  expect(twenty.modules.length).toBeGreaterThan(2);
  const more = twenty.read.filter((path) => !none.read.includes(path));
  expect(more).toEqual(files === 1 ? ['/plugins/plugins.json'] : []);
});

test.each([
  ['the command line, its version', program, ['--version'], '', []],
  ['the command line, its help', program, ['--help'], '', []],
  ['the command line, a plan', program, ['a boat', '--dry-run', '--size', '64x64'], '', ['/models/sketch.json']],
  ['the command line, tickets', program, ['jobs', 'list'], '', []],
  ['the server, the list of tools', server, [], lines(messages), []],
  ['the server, a picture', server, [], lines([...messages, asked]), ['/models/sketch.json']],
])('%s, where something is kept of the models of each provider', async (_, script, words, stdin, files) => {
  const none = await start(await mkdtemp(join(tmpdir(), 'anyimage-home-')), script, words, stdin);
  const kept = await start(await homeWithLists(), script, words, stdin);
  expect(kept.modules).toEqual(none.modules);
  expect(kept.read.filter((path) => !none.read.includes(path))).toEqual(files);
});

test('what is counted is what is read: a start that uses the tables says so', async () => {
  const { stdout, read } = await start(withTwenty, program, ['models', '--json']);
  expect(JSON.parse(stdout).models.length).toBeGreaterThan(20 * Object.keys(largest.provider.models).length);
  expect(read).toContain('/plugins/plugins.json');
});

function lastId(stdin: string): number {
  return JSON.parse(stdin.trim().split('\n').at(-1)!).id;
}
