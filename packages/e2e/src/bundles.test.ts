// A program that makes a picture, in one file as bundlers make it, away from every node_modules: it starts, and works over TLS, too.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { emulator } from '@anyimage/provider-openai/emulator';
import type { Emulator } from '@anyimage/testkit';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './pages.ts';

const run = promisify(execFile);

const program = `
import { createClient, generateImage, ImageError } from '@anyimage/core';
import { openai } from '@anyimage/provider-openai';

async function main() {
  const { images } = await generateImage({ provider: openai(), prompt: 'a boat', save: 'boat.png' });
  const client = createClient({ providers: [openai()] });
  const edited = await client.generate({ prompt: 'a boat', images: [images[0]] });
  // Nobody answers there, which is learnt over TLS.
  const far = createClient({ providers: [openai({ apiKey: 'test-key', baseURL: 'https://127.0.0.1:9' })], maxRetries: 0 });
  const { error } = await far.run({ prompt: 'a boat' });
  console.log(images[0].width, edited.images.length, error.code, error instanceof ImageError);
  await client.close();
  await far.close();
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;

let folder: string;
let service: Emulator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-bundles-'));
  service = await emulator.start();
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const forms: readonly [name: string, file: string, options: BuildOptions][] = [
  ['of modules', 'program.mjs', { format: 'esm' }],
  ['of modules, minified', 'program.mjs', { format: 'esm', minify: true }],
  ['of modules, in chunks', 'program.mjs', { format: 'esm', splitting: true }],
  ['of CommonJS', 'program.cjs', { format: 'cjs' }],
  ['of CommonJS, minified', 'program.cjs', { format: 'cjs', minify: true }],
];

test.each(forms)('a bundle %s', async (name, file, options) => {
  const own = join(folder, name.replaceAll(/\W+/g, '-'));
  await mkdir(own);
  const { warnings } = await build({
    ...{ bundle: true, platform: 'node', target: 'node22.19', logLevel: 'silent', outdir: own, ...options },
    // As an application has it: what is built, below node_modules.
    preserveSymlinks: true,
    stdin: { contents: program, resolveDir: join(root, 'packages/e2e'), sourcefile: 'program.js' },
    entryNames: 'program',
    outExtension: { '.js': file.slice('program'.length) },
  });
  expect(warnings.map(({ text }) => text)).toEqual([]);
  const { stdout, stderr } = await run(process.execPath, [file], {
    cwd: own,
    env: { ...service.env, PATH: process.env.PATH },
  });
  expect(stderr).toBe('');
  expect(stdout.trim()).toMatch(/^\d+ 1 network true$/);
  expect((await readFile(join(own, 'boat.png'))).subarray(1, 4).toString()).toBe('PNG');
});

test('a program that is not bundled gets no global require', async () => {
  const code = `import { createClient } from '@anyimage/core';
import { openai } from '@anyimage/provider-openai';
await createClient({ providers: [openai()] }).generate({ prompt: 'a boat' });
console.log('require' in globalThis);`;
  const file = join(root, 'packages/e2e', `.unbundled-${process.pid}.mjs`);
  await writeFile(file, code);
  const { stdout } = await run(process.execPath, [file], { env: { ...service.env } }).finally(() => rm(file));
  expect(stdout.trim()).toBe('false');
});

// A list of tools needs the SDK and its schema library: what else the start loads, every client waits for.
test('the start of the MCP server loads nothing that a list of tools does not need', async () => {
  const chunks = fileURLToPath(new URL('../../../apps/mcp/dist/chunks/', import.meta.url));
  const names = await readdir(chunks);
  const seen = new Map<string, number>();
  const load = async (name: string) => {
    if (seen.has(name)) return;
    const text = await readFile(join(chunks, name), 'utf8');
    seen.set(name, text.length);
    for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) await load(next!);
  };
  await load(names.find((name) => name.startsWith('start-'))!);
  const total = [...seen.values()].reduce((sum, length) => sum + length, 0);
  expect(total).toBeLessThan(600_000);
});
