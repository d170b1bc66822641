// What pages say of the repository is there: paths, links, commands, flags, variables, packages, exports; and a few statements
// that the code could outgrow. What a page names before it is there stands beside the mark *(planned)*.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { createClient, ImageError } from '@anyimage/core';
import { providers } from '@anyimage/host';
import { sketch } from '@anyimage/provider-sketch';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, test, vi } from 'vitest';
import { type CodeWord, codeWordsOf, isOfFacts, type Page, readPages, root } from './pages.ts';
import { newServer } from './run-mcp.ts';

// Each help is a program that is started.
vi.setConfig({ testTimeout: 180_000 });

const pages = readPages();
const pageAt = (path: string) => pages.find((page) => page.path === path)!;
// The pages of facts speak of services and of programs of others.
const words = pages
  .filter(({ path }) => !isOfFacts(path))
  .flatMap(codeWordsOf)
  .filter(({ around }) => !around.includes('*(planned)*'));
const files = filesBelow('');
const sources = files.filter(
  (path) => /^(packages|apps|examples\/plugins)\/[^/]+\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'),
);
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (!entry.isDirectory()) return [path];
    return /^(\..+|node_modules|dist.*)$/.test(entry.name) ? [] : filesBelow(path);
  });
}

/** The words that fit, each by its page, of which a check finds nothing. */
function missing(fitting: RegExp, isThere: (match: RegExpExecArray, word: CodeWord) => boolean): string[] {
  return words.flatMap((word) => {
    const match = fitting.exec(word.word);
    return match && !isThere(match, word) ? [`${word.page}: ${word.word}`] : [];
  });
}

interface Help {
  readonly flags: ReadonlySet<string>;
  /** The commands below it. */
  readonly commands: ReadonlySet<string>;
  /** Whether what follows may be words of the person. */
  readonly takesWords: boolean;
}

const helps = new Map<string, Help>();

/** What `anyimage COMMAND --help` says there is. */
async function helpOf(command: readonly string[]): Promise<Help> {
  const known = helps.get(command.join(' '));
  if (known) return known;
  const program = join(root, 'apps/cli/dist/anyimage.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...command, '--help']);
  const [usage = ''] = stdout.split('\n');
  const names = /\nCommands:\n([\s\S]*?)(?:\n\n|$)/.exec(stdout)?.[1] ?? '';
  const help = {
    flags: new Set(
      [...stdout.matchAll(/^ +(-\w(?=[ ,]))?(?:, )?(--[a-z-]+)?/gm)].flatMap(([, ...flags]) => flags.filter(Boolean)),
    ),
    commands: new Set([...names.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!)),
    takesWords: command.length > 0 && /[<[](?!options|command\])/.test(usage),
  };
  helps.set(command.join(' '), help);
  return help;
}

describe('what a page names is there', () => {
  test('links, with the headings that they lead to', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-');
    const headings = ({ text }: Page) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!));
    const broken = pages.flatMap((page) =>
      [...page.text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
        const own = target!.replace(/^https:\/\/github\.com\/anyimage\/anyimage\/(?:blob|tree)\/main\//, '/');
        if (/^[a-z]+:/.test(own)) return [];
        const [file = '', anchor] = own.split('#');
        const path = file.startsWith('/') ? file.slice(1) : posix.join(dirname(page.path), file);
        const there = file ? pageAt(path) : page;
        const isThere = there ? !anchor || headings(there).includes(anchor) : existsSync(join(root, path));
        return isThere ? [] : [`${page.path}: ${target}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('folders and files of the repository', () => {
    const tops = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const shape = (path: string) =>
      new RegExp(
        `(^|/)${path
          .replace(/\/$/, '')
          .replaceAll(/[.+]/g, '\\$&')
          .replaceAll(/\*|<\w+>|\bNAME\b/g, '[^/]+')}(/|$)`,
      );
    const isNamed = (path: string) => files.some((file) => shape(path).test(file));
    // `x.ts` stands for any.
    expect(
      missing(/^(?!x\.ts$)[\w.*<>/-]+\.(?:ts|mjs|md)$/, ([path]) => isNamed(path.replace(/^(\.\.\/)+/, ''))),
    ).toEqual([]);
    const inFolder = new RegExp(`^(?:${tops.map(({ name }) => name.replace('.', '\\.')).join('|')})/[\\w.*<>/-]*$`);
    expect(missing(inFolder, ([path]) => existsSync(join(root, path)) || isNamed(path))).toEqual([]);
  });

  test('commands of npm and Node', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const ofNpm = ['create', 'install', 'publish'];
    const isCommand = (name: string) => ofNpm.includes(name) || Object.hasOwn(scripts, name);
    expect(missing(/^npm (?:run )?(\S+)/, ([, name]) => isCommand(name!))).toEqual([]);
    expect(missing(/^node (\S+)/, ([, path]) => existsSync(join(root, path!)))).toEqual([]);
    const isInstalled = (name: string) =>
      ['.', 'packages/e2e'].some((at) => existsSync(join(root, at, 'node_modules', name)));
    expect(missing(/^npx (\S+)/, ([, tool]) => isInstalled(tool!) || isInstalled(`.bin/${tool}`))).toEqual([]);
  });

  test('commands of anyimage, with their flags', async () => {
    const wrong = [];
    for (const { page, word } of words) {
      const [name, ...rest] = word.split(' ');
      if (name !== 'anyimage') continue;
      let command: string[] = [];
      let help = await helpOf(command);
      while (help.commands.has(rest[0] ?? '')) {
        command = [...command, rest.shift()!];
        help = await helpOf(command);
      }
      const isCommand = /^[a-z]+$/.test(rest[0] ?? '') && !help.takesWords;
      const unknown = rest.filter((more) => /^--?[a-z]/.test(more) && !help.flags.has(more));
      if (isCommand || unknown.length) wrong.push(`${page}: ${word}`);
    }
    expect(wrong).toEqual([]);
  });

  test('flags', async () => {
    const { flags, commands } = await helpOf([]);
    const known = new Set(flags);
    for (const command of commands) for (const flag of (await helpOf([command])).flags) known.add(flag);
    const programs =
      /^(scripts|bench)\/.*\.mjs$|^packages\/create-provider\/src\/main\.ts$|^apps\/mcp\/src\/start\.ts$|^apps\/gateway\/src\/commands\/program\.ts$/;
    const scripts = files.filter((path) => programs.test(path)).map(read);
    const isOfScript = (flag: string) => scripts.some((script) => new RegExp(`\\b${flag.slice(2)}\\b`).test(script));
    const ofNpm = '--silent';
    expect(
      missing(/^(?:--[a-z][\w-]*|-[a-z](?![\w-]))/, ([flag]) => flag === ofNpm || known.has(flag) || isOfScript(flag)),
    ).toEqual([]);
  });

  test('variables', () => {
    const code = [...sources.map(read), JSON.stringify(providers.map(({ definition }) => definition))].join('\n');
    expect(missing(/^\$?([A-Z][A-Z0-9]*_[A-Z0-9_]+)/, ([, name]) => new RegExp(`\\b${name}\\b`).test(code))).toEqual(
      [],
    );
  });

  test('packages of ours, and what they export', async () => {
    const { resolve } = createRequire(join(root, 'packages/e2e/package.json'));
    const isThere = (name: string) => {
      if (name.endsWith('*'))
        return readdirSync(join(root, 'packages')).some((folder) =>
          `@anyimage/${folder}`.startsWith(name.slice(0, -1)),
        );
      try {
        return resolve(name) !== '';
      } catch {
        return false;
      }
    };
    expect(missing(/^@anyimage\/\S+$/, ([name]) => isThere(name))).toEqual([]);
    const core = await import('@anyimage/core');
    const rows = pageAt('packages/core/README.md')
      .text.split('\n')
      .filter((line) => /^\| `/.test(line));
    const names = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !(name in core))).toEqual([]);
  });

  test('each folder has its row in CONTRIBUTING', () => {
    const { text } = pageAt('CONTRIBUTING.md');
    const rows = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(
      ([, row]) => new RegExp(`^${row!.replace('.', '\\.').replace('*', '.+')}$`),
    );
    const within = (top: string) => readdirSync(join(root, top)).map((name) => `${top}/${name}`);
    const tops = new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0]!));
    const folders = [...tops].flatMap((top) => (['packages', 'apps'].includes(top) ? within(top) : [top]));
    expect(folders.filter((folder) => !rows.some((row) => row.test(folder)))).toEqual([]);
  });
});

describe('what pages say of the code', () => {
  const services = readdirSync(join(root, 'packages')).filter((name) => name.startsWith('provider-'));

  test('every provider has the same files; sketch, which has no service, all but those of one', () => {
    const always = ['capabilities.ts', 'provider.ts', 'index.ts', 'provider.test.ts'];
    const ofService = ['wire.ts', 'emulator.ts'];
    const has = (name: string) => new Set(readdirSync(join(root, 'packages', name, 'src')));
    for (const name of services) {
      const wanted = name === 'provider-sketch' ? always : [...always, ...ofService];
      expect(
        wanted.filter((file) => !has(name).has(file)),
        name,
      ).toEqual([]);
    }
    const page = pageAt('docs/architecture.md').text;
    for (const file of [...always, ...ofService]) expect(page).toContain(`\`${file}\``);
  });

  test('core, host and the apps know no provider by name, but for the embedded one', () => {
    const ids = providers.map(({ definition }) => definition.id).filter((id) => id !== 'sketch');
    const named = new RegExp(`^(?!\\s*(?://|\\*|/\\*)).*['"\`](?:${ids.join('|')})['"\`/]`, 'm');
    const generated = 'packages/host/src/services/providers.generated.ts';
    // What takes the place of another server has the providers of that one.
    const compat = 'apps/mcp/src/compat/';
    const own = sources
      .filter((path) => /^(apps|packages\/(core|host))\//.test(path))
      .filter((path) => path !== generated && !path.startsWith(compat));
    const examples = /\bexamples: \[.*\]/g;
    expect(own.filter((path) => named.test(read(path).replace(examples, '')))).toEqual([]);
  });

  test('the apps hold no image logic', () => {
    const own = sources.filter((path) => path.startsWith('apps/'));
    expect(own.filter((path) => /['"](?:sharp|@resvg\/resvg-js)['"]/.test(read(path)))).toEqual([]);
  });

  const [, section = ''] = /\n## 3\. .*?\n([\s\S]*?)\n## 4\./.exec(pageAt('docs/architecture.md').text) ?? [];
  const [list = '', aboutFlags = '', aboutTools = ''] = section.split(/Flags are|Arguments of tools are/);
  const namedIn = (text: string) => [...text.matchAll(/`(n|[a-z]\w+)`/g)].map(([, word]) => word!).sort();
  const vocabulary = [...list.replaceAll(/\(.*?\)/gs, '').matchAll(/`([a-z]\w+|n)`/g)].map(([, word]) => word!);

  test('flags are the words in kebab case, but for those that the architecture names', async () => {
    expect(vocabulary.length).toBeGreaterThan(20);
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'apps/cli/dist/anyimage.js'), '--help']);
    const flags = [...stdout.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, flag]) => flag!);
    const kebab = (word: string) => word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const without = vocabulary.filter((word) => word !== 'prompt' && !flags.includes(kebab(word)));
    expect(without.sort()).toEqual(namedIn(aboutFlags));
  });

  test('arguments of tools are the words, but for those that the architecture names', async () => {
    const client = new Client({ name: 'reader', version: '1' });
    await client.connect(new StdioClientTransport(await newServer()));
    const { tools } = await client.listTools();
    await client.close();
    const known = new Set(tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {})));
    expect(vocabulary.filter((word) => !known.has(word)).sort()).toEqual(namedIn(aboutTools));
  });

  test('sketch refuses the words that the architecture names, and no others of those that a picture from words may have', async () => {
    const page = pageAt('docs/architecture.md').text;
    const [, refused = ''] = /refuses those that its table\s+does not have: (.*?)\./s.exec(page) ?? [];
    const values = {
      ...{ negativePrompt: 'a dog', n: 2, size: '512x512', aspectRatio: '16:9', resolution: '1K', quality: 'high' },
      ...{ style: 'neon', background: 'transparent', outputFormat: 'jpeg', seed: 1, partials: 1, user: 'somebody' },
    };
    const client = createClient({ providers: [sketch()], env: {} });
    const wrong = await Promise.all(
      Object.entries(values).map(([word, value]) =>
        client.plan({ model: 'sketch', prompt: 'a cat', [word]: value }).then(
          () => [],
          (error) => (ImageError.isInstance(error) && error.code === 'unsupported' ? [word] : [`${word}: ${error}`]),
        ),
      ),
    );
    await client.close();
    expect(wrong.flat().sort()).toEqual([...refused.matchAll(/`(\w+)`/g)].map(([, word]) => word).sort());
  });

  test('a test runs each example', () => {
    const programs = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));
    const runs = read('packages/e2e/src/examples.test.ts');
    expect(programs.filter((name) => !runs.includes(`examples/${name}`))).toEqual([]);
  });

  test('as long as nothing is published, the page of each package says so', () => {
    const published = [
      ...services.map((name) => `packages/${name}`),
      'packages/core',
      'packages/host',
      'packages/testkit',
      'packages/create-provider',
      'apps/cli',
      'apps/mcp',
      'apps/gateway',
    ];
    const silent = published.filter((folder) => !/not yet on a registry/i.test(pageAt(`${folder}/README.md`).text));
    expect(silent).toEqual([]);
  });
});
