// Every sample of every page is tried. A page or a sample that is added is tried without further doing:
//
//   ts, js   compiled against what is built, as an application would be; a whole program is also run, against emulators. What a
//            fragment needs around it stands in a comment before it: <!-- before: … -->. On a page that says <!-- excerpts of
//            FOLDER -->, each stands in a file of that folder, word for word.
//   sh       run by bash in an empty folder, with anyimage as it is built, every service imitated, and npm as below
//   console  commands with what they print: first-five-minutes.test.ts replays them
//   json     a client's configuration starts the server; a config is read, one of the gateway too; what a service says is JSON
//
// What is not tried stands in `untried`, with the reason.

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { emulators, readConfig, userConfigPath } from '@anyimage/host';
import type { Emulator } from '@anyimage/testkit';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AnswerServer, pictures, startAnswerServer } from './answer-server.ts';
import { codeWordsOf, isOfFacts, readPages, root, type Sample, samplesOf } from './pages.ts';
import { pluginFiles } from './plugin-files.ts';
import { packFiles, type Registry, startRegistry } from './registry.ts';

// A sample may start twenty programs, on a machine that is busy.
vi.setConfig({ testTimeout: 180_000 });

/** Samples that no test tries, by page and beginning, and why. This list is to become shorter. */
const untried: readonly { readonly page: string; readonly begins: string; readonly why: string }[] = [
  {
    page: 'docs/adding-a-provider.md',
    begins: 'node scripts/providers.mjs',
    why: 'it writes into the repository; pages.test.ts sees to it that the files are there',
  },
  ...['bfl', 'ideogram'].map((plugin) => ({
    page: `examples/plugins/${plugin}/README.md`,
    begins: 'npm install && npm run build && npm test\nanyimage plugins add .\n',
    why: 'it asks the registry and the service; plugin-author.test.ts runs the same commands with another plugin',
  })),
];

/** Pages whose commands depend on one another: the named test runs them, in their order. */
const inOrder: Readonly<Record<string, string>> = { 'docs/plugins.md': 'plugin-author.test.ts' };

const run = promisify(execFile);
const pages = readPages();
const samples = pages.flatMap(samplesOf);
const isUntried = (sample: Sample) =>
  untried.some(({ page, begins }) => page === sample.page && sample.text.startsWith(begins));
const tried = samples.filter((sample) => !isUntried(sample));
const excerptsOf = new Map(
  pages.map(({ path, text }) => [path, /^<!-- excerpts of (\S+) -->$/m.exec(text)?.[1]] as const),
);
const inLanguage = (...languages: string[]) =>
  tried
    .filter(({ language }) => languages.includes(language))
    .map((sample) => [`${sample.page}:${sample.line}`, sample] as const);
const isExcerpt = ({ page }: Sample) => excerptsOf.get(page) !== undefined;
const commands = inLanguage('sh').filter(([, { page }]) => !Object.hasOwn(inOrder, page));
const programs = inLanguage('ts', 'js').filter(([, sample]) => !isExcerpt(sample));
const documents = inLanguage('json').filter(([, sample]) => !isExcerpt(sample));

let folder: string;
let services: Emulator[];
/** A server of one's own that speaks OpenAI's API: the pages have it at 10.0.0.5. */
let box: AnswerServer;
/** The registry: it has the providers, and one in a newer version, which knows that a model is retired. */
let registry: Registry;
/** What every sample has in its environment: each service is imitated, nothing is set up. */
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-samples-'));
  services = await Promise.all(emulators.map(async ({ load }) => (await load()).start({ key: 'test-key' })));
  box = await startAnswerServer();
  box.answers({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: [{ b64_json: Buffer.from(pictures.large.bytes).toString('base64') }] }),
  });
  registry = await startRegistry();
  await Promise.all((await packages()).filter((path) => path.includes('/provider-')).map(publish));
  env = {
    ...registry.env(join(folder, 'npm')),
    PATH: process.env.PATH ?? '',
    HOME: folder,
    ANYIMAGE_HOME: join(folder, 'home'),
    ANYIMAGE_KEYCHAIN: 'off',
    ...Object.assign({}, ...services.map((service) => service.env)),
  };
  await mkdir(join(folder, 'home'));
  await mkdir(join(folder, 'node_modules', '@types'), { recursive: true });
  await symlink(join(root, 'packages/e2e/node_modules/@anyimage'), join(folder, 'node_modules/@anyimage'));
  await symlink(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  await symlink(join(root, 'packages/e2e/node_modules/openai'), join(folder, 'node_modules/openai'));
});
afterAll(async () => {
  await Promise.all([...services, box, registry].map((service) => service.close()));
  await rm(folder, { recursive: true, force: true });
});

test('every sample is in a language that is tried, and what is not tried is there', async () => {
  const others = samples.filter(({ language }) => !['', 'ts', 'js', 'sh', 'console', 'json'].includes(language));
  expect(others.map(({ page, line, language }) => `${page}:${line}: ${language}`)).toEqual([]);
  expect(samples.filter(isUntried)).toHaveLength(untried.length);
  const names = await readdir(join(root, 'packages/e2e/src'));
  for (const test of Object.values(inOrder)) expect(names).toContain(test);
});

test('excerpts stand in the files that they are of', async () => {
  const missing = [];
  for (const sample of tried.filter(isExcerpt).filter(({ language }) => language !== 'sh')) {
    const source = join(root, excerptsOf.get(sample.page)!);
    const names = ['package.json', ...(await readdir(join(source, 'src'))).map((name) => join('src', name))];
    const texts = await Promise.all(names.map((name) => readFile(join(source, name), 'utf8').catch(() => '')));
    if (!texts.some((text) => text.includes(sample.text))) missing.push(`${sample.page}:${sample.line}`);
  }
  expect(missing).toEqual([]);
});

test('programs compile as an application is set up', async () => {
  const nameOf = ({ page, line }: Sample) => `${page.replaceAll(/[^\w]/g, '-')}-${line}.ts`;
  for (const [, sample] of programs) await writeFile(join(folder, nameOf(sample)), sample.before + sample.text);
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2023', types: ['node'] },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true, allowJs: true },
    moduleDetection: 'force',
  };
  const settings = { compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(await complaintsOf(process.execPath, [tsc, '-p', '.'], { cwd: folder })).toBe('');
});

test.concurrent.each(programs.filter(([, { before }]) => !before))('the program of %s runs', async (_, { text }) => {
  const own = await mkdtemp(join(folder, 'run-'));
  const given = [...text.matchAll(/\bimages: \[([^\]]+)\]/g)].flatMap(([, list]) => list!.match(/[\w.-]+\.png/g) ?? []);
  for (const name of given) await writeFile(join(own, name), await readFile(join(root, 'docs/images/sailboat.png')));
  await writeFile(join(own, 'program.ts'), text);
  expect(
    await complaintsOf(process.execPath, ['--disable-warning=ExperimentalWarning', 'program.ts'], { cwd: own, env }),
  ).toBe('');
});

/** What a program complains of; '' if it ends as it should. */
function complaintsOf(file: string, args: readonly string[], options: object): Promise<string> {
  return run(file, args, options).then(
    ({ stderr }) => stderr.toString(),
    ({ message, stdout }) => `${message}\n${stdout}`,
  );
}

/** What a sample finds in its shell. `npm` does what concerns the sample, and looks whether the rest is there. */
const shell = String.raw`
set -euo pipefail
trap 'echo "failed: $BASH_COMMAND" >&2' ERR
anyimage() {
  if [ "$1" = emulate ]; then
    coproc SERVICE { exec "$NODE" "$CLI" "$@"; }
    local process=$SERVICE_PID line
    read -r line <&"\${SERVICE[0]}"
    kill -INT "$process"
    wait "$process"
  elif [ "$1 \${2-}" = 'plugins add' ] || { [ "$1 \${2-}" = 'models update' ] && [ "\${3-}" != --undo ]; }; then
    "$NODE" "$CLI" "$@" --yes
  elif [ "$1" = open ]; then "$NODE" "$CLI" info "$2" # here is no viewer
  elif [ "$*" = init ]; then "$NODE" "$CLI" init cogview --no-test <<< test-key
  elif [ -p /dev/stdin ]; then "$NODE" "$CLI" "$@"
  else "$NODE" "$CLI" "$@" <<< test-key; fi
}
anyimage-gateway() { "$NODE" "$ROOT/apps/gateway/dist/anyimage-gateway.js" "$@"; }
npm() {
  case "$1" in
    start) shift 2 || return 0; case "$1" in link | unlink) ls "$ROOT/scripts/link/link.mjs" ;; *) anyimage "$@" ;; esac ;;
    test) [ $# = 1 ] || ls "$ROOT/$3" ;;
    run) grep -F "\"$2\": " "$ROOT/package.json"
      if [ "$2" = pack ]; then mkdir -p "$5"; (cd "$5"; touch $PACKED); fi ;;
    init) echo '{}' > package.json ;;
    pkg) ls package.json ;;
    create) shift 2; local words=(); for word; do [ "$word" = -- ] || words+=("$word"); done
      "$NODE" "$ROOT/packages/create-provider/dist/main.js" "\${words[@]}" --no-install ;;
    install) shift; for word; do [ "$word" = -g ] || ls "$word"; done ;;
    *) return 1 ;;
  esac
}
npx() {
  while [ "$1" != create-provider ]; do shift; done
  shift; "$NODE" "$ROOT/packages/create-provider/dist/main.js" "$@"
}
gcloud() { echo test-key; }
`.replaceAll('\\$', '$');

test.concurrent.each(commands)('the commands of %s run', async (_, { text }) => {
  const own = await mkdtemp(join(folder, 'shell-'));
  const packed = await Promise.all(
    (await packages()).map(async (path) => {
      const { name, version } = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'));
      return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    }),
  );
  const given = text.includes('plugins add ./my-provider') ? pluginFiles({ id: 'my-provider' }) : {};
  for (const [path, content] of Object.entries(given)) {
    await mkdir(dirname(join(own, 'my-provider', path)), { recursive: true });
    await writeFile(join(own, 'my-provider', path), content);
  }
  if (text.includes('batch prompts.csv')) await writeFile(join(own, 'prompts.csv'), 'prompt\na paper boat\n');
  const places = { '=…': '=test-key', '/tmp/': `${own}/`, 'http://10.0.0.5:8080': box.origin };
  const script = Object.entries(places).reduce((all, [shown, here]) => all.replaceAll(shown, here), text);
  const { code, output } = await bash(shell + script, own, {
    ...env,
    ANYIMAGE_HOME: join(own, 'home'),
    NODE: process.execPath,
    CLI: join(root, 'apps/cli/dist/anyimage.js'),
    ROOT: root,
    PACKED: packed.join(' '),
  });
  expect(code, output).toBe(0);
});

/** Runs a script; `output` is all that it said. */
function bash(script: string, cwd: string, own: Record<string, string>) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn('bash', ['-c', script], { cwd, env: own, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function publish(path: string): Promise<void> {
  const read = async (file: string) => JSON.parse(await readFile(join(root, path, file), 'utf8'));
  const [about, manifest] = [await read('package.json'), await read('dist/manifest.json')];
  for (const row of Object.values<Record<string, unknown>>(manifest.provider.models).slice(-1))
    row.retires = '2026-11-01';
  const files = {
    'package.json': {
      ...about,
      version: path.endsWith('-openai') ? '0.0.1' : about.version,
      dependencies: {},
      peerDependencies: {},
    },
    'dist/manifest.json': manifest,
  };
  const texts = Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]);
  await registry.publish(await packFiles(Object.fromEntries(texts)));
}

/** The folders of what others may install. */
async function packages(): Promise<string[]> {
  const folders = await Promise.all(
    ['packages', 'apps'].map(async (top) => (await readdir(join(root, top))).map((name) => join(top, name))),
  );
  const manifests = await Promise.all(
    folders.flat().map(async (path) => [path, JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'))]),
  );
  return manifests.filter(([, manifest]) => !manifest.private).map(([path]) => path);
}

test.each(documents)('the document of %s is what it is there for', async (_, { page, text }) => {
  const parts = isOfFacts(page) ? exchangeParts(text) : [text];
  for (const part of parts) await tryDocument(JSON.parse(part));
});

test('documents within sentences are what they are there for', async () => {
  const words = pages.flatMap(codeWordsOf).filter(({ word }) => /^\{"/.test(word) && !word.includes('…'));
  expect(words.length).toBeGreaterThan(2);
  for (const { page, word } of words) if (!isOfFacts(page)) await tryDocument(JSON.parse(word));
});

/** The JSON of requests and answers as the pages of facts show them: a part begins where a line does not go on with JSON. */
function exchangeParts(text: string): string[] {
  const parts = text.split(/^(?=[^\s}\]])/m).map((part) => part.slice(part.search(/[{[]/)));
  return parts.filter((part) => /^[{[]/.test(part));
}

/** What is recognised is put to use; the rest is JSON, and that is all that can be said of it. */
async function tryDocument(document: Record<string, unknown>) {
  const clients = document.mcpServers ?? document.servers;
  if (clients) await startServers(clients as Record<string, ServerEntry>);
  else if (document.listen) await readAsGateway(JSON.stringify(document));
  else if (document.providers) await readAsConfig(document);
}

interface ServerEntry {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

async function startServers(entries: Record<string, ServerEntry>) {
  for (const { command, args = [], env: given = {} } of Object.values(entries)) {
    // The configuration of another server, as it was before.
    if (command === 'uvx') continue;
    expect(command).toBe('anyimage-mcp');
    const server = join(root, 'apps/cli/dist/anyimage-mcp.js');
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [server, ...args],
      env: { ...env, ...given },
    });
    const client = new Client({ name: 'sample', version: '1' });
    await client.connect(transport);
    const drawing = args.includes('--compat') ? 'generate_image_from_text' : 'generate_image';
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain(drawing);
    await client.close();
  }
}

/** Its secrets lie in a file as it says. */
async function readAsGateway(text: string) {
  const own = await mkdtemp(join(folder, 'gateway-'));
  await writeFile(join(own, 'secret'), 'test-key');
  await writeFile(join(own, 'gateway.json'), text.replace(/\/run\/secrets\/\w+/g, join(own, 'secret')));
  const program = join(root, 'apps/gateway/dist/anyimage-gateway.js');
  const { stdout } = await run(process.execPath, [program, 'config', 'check'], { env, cwd: own });
  expect(stdout).toContain('is right');
}

async function readAsConfig(document: object) {
  const home = await mkdtemp(join(folder, 'config-'));
  const file = userConfigPath(home);
  await writeFile(file, JSON.stringify(document));
  await readConfig(file);
  const { stdout } = await run(process.execPath, [join(root, 'apps/cli/dist/anyimage.js'), 'providers', '--json'], {
    env: { ...env, ANYIMAGE_HOME: home },
  });
  for (const id of Object.keys((document as { providers: object }).providers)) expect(stdout).toContain(`"${id}"`);
}
