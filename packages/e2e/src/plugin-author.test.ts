// The author of a provider, in an empty folder outside of the repository, with packed packages from a registry on loopback: the commands of
// docs/plugins.md word for word; then a provider with jobs, from created to removed. No network: what npm fetches from elsewhere is what
// the repository has installed.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { pngSize } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { installedPackage } from './installed-packages.ts';
import { readPages, root, samplesOf } from './pages.ts';
import { type Registry, startRegistry } from './registry.ts';

// Two real installs with compiler and test runner, on a machine that is busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const run = promisify(execFile);
let top: string;
let registry: Registry;
/** What a person has who has installed anyimage and set up nothing. */
let env: Record<string, string>;
/** The `node_modules` of the first package. */
let installed: string;
const imitations = new Set<ChildProcess>();

beforeAll(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'anyimage-author-')));
  registry = await startRegistry(installedPackage);
  const folders = ['packages/core', 'packages/testkit', 'packages/create-provider', 'apps/cli'];
  await Promise.all(folders.map(async (folder) => registry.publish(await packed(folder))));
  await writeFile(join(top, 'npmrc'), '');
  const tools = join(top, 'tools');
  env = {
    ...registry.env(join(top, 'cache')),
    npm_config_userconfig: join(top, 'npmrc'),
    npm_config_globalconfig: join(top, 'no-npmrc'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    PATH: [join(tools, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: join(top, 'home'),
    ANYIMAGE_HOME: join(top, 'home'),
    ANYIMAGE_KEYCHAIN: 'off',
  };
  await mkdir(env.ANYIMAGE_HOME!);
  await run('npm', ['install', '--global', '--prefix', tools, 'anyimage'], { cwd: top, env });
});
afterAll(async () => {
  await Promise.all([...imitations].map(end));
  await registry?.close();
  await rm(top, { recursive: true, force: true });
});

async function packed(folder: string): Promise<Uint8Array> {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs');
  const words = [pnpm, 'pack', '--json', '--pack-destination', top];
  const { stdout } = await run(process.execPath, words, { cwd: join(root, folder) });
  return readFile((JSON.parse(stdout) as { filename: string }).filename);
}

/** A shell of the person's: the commands run one after another, from where the last one left off. */
function newShell(folder: string) {
  let cwd = folder;
  const own = { ...env };
  return {
    /** Runs commands and gives what they printed. Rejects with all of it if one fails. */
    async run(commands: string): Promise<string> {
      const script = `set -euo pipefail; ${commands}\n pwd > ${join(top, 'cwd')}`;
      const { stdout, stderr } = await run('bash', ['-c', script], { cwd, env: own });
      cwd = (await readFile(join(top, 'cwd'), 'utf8')).trim();
      return stdout + stderr;
    },
    /** Another terminal, in which an imitation runs; what it says is to be copied is copied. */
    async emulate(id: string): Promise<ChildProcess> {
      const child = spawn('anyimage', ['emulate', id], { cwd, env: own, stdio: ['ignore', 'pipe', 'ignore'] });
      imitations.add(child);
      const lines = createInterface({ input: child.stdout });
      for await (const line of lines) {
        const [, name, value] = /^export (\w+)=(\S+)$/.exec(line)!;
        own[name!] = value!;
        if (/_BASE_URL$/.test(name!)) break;
      }
      return child;
    },
    env: own,
    path: (name: string) => join(cwd, name),
  };
}

async function end(child: ChildProcess): Promise<void> {
  imitations.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'close');
}

/** What an agent gets that asks the MCP server for the models of a provider, and for a picture by it. */
async function askAgent(id: string, own: Record<string, string>) {
  const client = new Client({ name: 'agent', version: '1' });
  await client.connect(new StdioClientTransport({ command: 'anyimage-mcp', env: own, cwd: top, stderr: 'inherit' }));
  const call = async (name: string, words: Record<string, unknown>) =>
    JSON.stringify(await client.callTool({ name, arguments: words }));
  const { tools } = await client.listTools();
  const models = await call('list_models', { provider: id });
  const picture = await call('generate_image', { prompt: 'a paper boat', model: id });
  await client.close();
  return { tools: tools.map(({ name }) => name), models, picture };
}

/** The folder of plugins, all that is in it. */
const plugins = () => readdir(join(env.ANYIMAGE_HOME!, 'plugins'), { recursive: true }).catch(() => []);

test('docs/plugins.md, word for word', async () => {
  const page = readPages().find(({ path }) => path === 'docs/plugins.md')!;
  const steps = samplesOf(page).filter(({ language }) => language === 'sh');
  expect(steps.length).toBeGreaterThan(6);
  const folder = await mkdtemp(join(top, 'empty-'));
  const shell = newShell(folder);
  installed = join(folder, 'paint-box/node_modules');
  const said: string[] = [];
  for (const { text } of steps) {
    const [, imitated] = /^anyimage emulate (\S+)$/m.exec(text) ?? [];
    if (imitated) await shell.emulate(imitated);
    else said.push(await shell.run(text));
    if (/^anyimage "/.test(text)) {
      const { models, picture } = await askAgent('paint-box', shell.env);
      expect(models).toContain('paint-box/paint-box-pro');
      expect(picture).toContain('paint-box/paint-box-fast');
    }
  }
  expect(said.join('')).toMatch(/tests passed[\s\S]*api\.paint-box\.example .*pictures and the key[\s\S]*total files/);
  expect(await plugins()).toEqual([]);
});

test('a provider with jobs: created, tested, added, drawn with at a terminal and by an agent, removed without a trace', async () => {
  const folder = await mkdtemp(join(top, 'empty-'));
  const shell = newShell(folder);
  const words = '--job --base-url https://it.example --yes --no-install';
  expect(await shell.run(`npm create --yes @anyimage/provider it -- ${words}`)).toContain(
    'the provider it (job) of It',
  );
  // What npm would install again is what the first package has.
  await symlink(installed, join(folder, 'it/node_modules'));
  expect(await shell.run('cd it; npm run build; npm test; cd ..')).toMatch(/Tests .*passed/);
  const before = await plugins();
  await shell.run('anyimage plugins add ./it --yes');
  expect(await shell.run('anyimage models it')).toMatch(/it-fast[\s\S]*it-pro/);
  const imitation = await shell.emulate('it');
  await shell.run('anyimage "a paper boat" -m it -o boat.png');
  expect(pngSize(await readFile(shell.path('boat.png')))).toEqual({ width: 1024, height: 1024 });
  const readme = { path: 'README.md', text: await readFile(shell.path('it/README.md'), 'utf8') };
  const program = samplesOf(readme).find(({ language }) => language === 'ts')!;
  await writeFile(shell.path('it/program.ts'), program.text);
  expect(await shell.run('cd it; node program.ts; cd ..')).toContain(shell.path('it/boat.png'));
  const { tools, models, picture } = await askAgent('it', shell.env);
  expect(tools).toContain('generate_image');
  expect(models).toContain('it/it-pro');
  expect(picture).toContain('it/it-fast');
  await end(imitation);
  await shell.run('anyimage plugins remove it');
  expect(await plugins()).toEqual(before);
  await expect(shell.run('anyimage "a paper boat" -m it')).rejects.toThrow(/it/);
  expect(await shell.run('anyimage providers')).not.toMatch(/\bIt\b/);
});
