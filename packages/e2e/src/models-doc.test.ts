// scripts/models-doc.mjs over packages of its own: what its check lets pass, and what it does not.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const now = Date.now();
const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString().slice(0, 10);
const row = (checked: string, more: object = {}) => ({
  checked,
  source: 'https://example.org/docs',
  operations: { generate: {} },
  ...more,
});
const fresh = row(daysAgo(10));
const stale = row(daysAgo(200));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-models-doc-'));
  for (const name of ['models-doc.mjs', 'run.mjs'])
    await cp(join(root, 'scripts', name), join(folder, 'scripts', name));
  await mkdir(join(folder, 'packages'));
  await symlink(join(root, 'packages', 'core'), join(folder, 'packages', 'core'), 'junction');
});
afterEach(() => rm(folder, { recursive: true }));

test('a fresh row needs nothing, a stale one fails whatever else its provider has', async () => {
  expect(await check({ models: { fresh } })).toEqual([]);
  expect(await check({ models: { fresh, stale } })).toEqual([
    `acme/stale was last checked on ${daysAgo(200)}, more than 180 days ago: check it again`,
  ]);
});

test('a recheck excuses the rows that it names and no others, and not for longer than 180 days', async () => {
  const models = { stale, another: stale };
  const rechecks = (tried: string) => [{ rows: ['acme/stale'], tried, reason: 'the page is gone' }];
  expect(await check({ models }, rechecks(daysAgo(10)))).toEqual([
    expect.stringMatching(/^acme\/another was last checked/),
  ]);
  expect(await check({ models: { stale } }, rechecks(daysAgo(190)))).toEqual([
    expect.stringContaining(`tried in vain on ${daysAgo(190)}, which excuses it no more`),
  ]);
});

test('a recheck of no row, of a row that needs none, or without a date or a reason fails', async () => {
  const bad = [
    { rows: ['acme/gone'], tried: daysAgo(10), reason: 'x' },
    { rows: ['acme/fresh'], tried: daysAgo(10), reason: 'x' },
    { rows: ['acme/stale'], tried: daysAgo(-30), reason: ' ' },
    { rows: ['acme/stale'], tried: 'lately', reason: 'x', bailian: true },
    { tried: daysAgo(10), reason: 'x' },
  ];
  expect(await check({ models: { fresh, stale } }, bad)).toEqual([
    'docs/rechecks.json: acme/gone is no row, correct or remove it',
    expect.stringMatching(/^docs\/rechecks\.json, acme\/stale: tried must be a past day/),
    'docs/rechecks.json, acme/stale: give the reason why the rows keep their dates',
    expect.stringMatching(/^docs\/rechecks\.json, acme\/stale: tried must be a past day.* not lately$/),
    'docs/rechecks.json, acme/stale: there is no bailian, only rows, tried and reason',
    'docs/rechecks.json, an entry without rows: name the rows that were tried',
    `docs/rechecks.json: acme/fresh needs no recheck, it was checked on ${daysAgo(10)}; remove it`,
  ]);
});

test('a row past its retirement has to be checked since then, or excused since then', async () => {
  const retired = (checked: string) => ({ models: { old: row(checked, { retires: daysAgo(20), successor: 'new' }) } });
  const recheck = (tried: string) => [{ rows: ['acme/old'], tried, reason: 'no word of it yet' }];
  const complaint = expect.stringMatching(/^acme\/old was to retire on .* and was last checked on .*, before that/);
  expect(await check(retired(daysAgo(20)))).toEqual([]);
  expect(await check(retired(daysAgo(21)))).toEqual([complaint]);
  expect(await check(retired(daysAgo(30)), recheck(daysAgo(25)))).toEqual([complaint]);
  expect(await check(retired(daysAgo(30)), recheck(daysAgo(5)))).toEqual([]);
  expect(await check({ models: { old: row(daysAgo(5), { retires: daysAgo(20) }) } })).toEqual([
    `acme/old was retired on ${daysAgo(20)} and names no successor`,
  ]);
  expect(await check({ models: { old: row(daysAgo(5), { retires: daysAgo(-20) }) } })).toEqual([]);
});

test('what stands for unlisted models and the kinds of server are on the page and in the check', async () => {
  const families = { option: 'endpoint', rows: { draw: { row: stale } } };
  const server = (models: object) => ({ label: 'Box', keys: [], row: stale, models });
  const acme = {
    models: { fresh },
    unlisted: { ...fresh, families },
    servers: { box: server({ 'a/b': stale }), bare: { ...server({}), defaultModel: 'its-own' } },
  };
  expect((await check(acme)).map((line) => line.split(' was ')[0])).toEqual([
    ...['acme/* (draw)', 'servers/box/a/b', 'servers/box/*', 'servers/bare/*'],
  ]);
  const page = await readFile(join(folder, 'docs', 'models.md'), 'utf8');
  const names = [...page.matchAll(/^\| (.+?) \| (?:stable|unknown) \|/gm)].map(([, name]) => name);
  expect(names).toEqual(['fresh', 'any other', 'any other (draw)', 'a/b', 'any other', 'any']);
  expect(page).toContain('The default model is `its-own`.');
});

test('the page says which dates are old, and how many prices are unknown', async () => {
  const priced = row(daysAgo(5), { prices: [{ amount: 1, currency: 'USD', per: 'image' }] });
  const rechecks = [{ rows: ['acme/stale'], tried: daysAgo(10), reason: 'the page is gone' }];
  expect(await check({ models: { fresh, stale, priced } }, rechecks)).toEqual([]);
  const page = await readFile(join(folder, 'docs', 'models.md'), 'utf8');
  expect(page).toContain('1 of the 3 rows are old');
  expect(page).toContain('The price of 2 rows is unknown');
  expect(page.match(/^\| \w+ .* \*\*old\*\* \|$/gm)).toEqual([expect.stringMatching(/^\| stale /)]);
});

test('the page says where rows come from, and of what age the rows of a provider are', async () => {
  const models = { fresh, asked: row(daysAgo(5), { origin: 'catalogue' }) };
  expect(await check({ models, catalogue: true })).toEqual([]);
  const page = await readFile(join(folder, 'docs', 'models.md'), 'utf8');
  expect(page).toMatch(/^\| fresh .* \| written \|/m);
  expect(page).toMatch(/^\| asked .* \| catalogue \|/m);
  expect(page).toContain(`Checked between ${daysAgo(10)} and ${daysAgo(5)}. Its catalogue says`);
  await check({ models: { fresh } });
  const other = await readFile(join(folder, 'docs', 'models.md'), 'utf8');
  expect(other).toContain(`Checked on ${daysAgo(10)}.\n`);
});

test('a page that is not what the packages say is stale', async () => {
  await check({ models: { fresh } });
  await write('docs/models.md', 'by hand');
  expect(await run('--check')).toEqual(['docs/models.md is stale: node scripts/models-doc.mjs']);
});

/** Writes a provider `acme`, its page and the rechecks; the complaints of the check. */
async function check(
  { servers, ...definition }: { servers?: object; models: object; unlisted?: object; catalogue?: true },
  rechecks = [] as object[],
) {
  const endpoints = servers && { factory: 'make', kinds: 'servers' };
  await write('packages/provider-acme/package.json', { type: 'module', anyimage: { provider: 'acme', endpoints } });
  await write('packages/provider-acme/dist/manifest.json', {
    provider: { id: 'acme', label: 'Acme', keys: [], regions: {}, ...definition },
  });
  await write('packages/provider-acme/dist/index.js', `export const servers = ${JSON.stringify(servers ?? {})};`);
  await write('docs/rechecks.json', rechecks);
  return run('--write', '--check');
}

async function write(path: string, content: object | string) {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** What the script complains of, line by line; it fails if and only if it complains. */
async function run(...args: string[]) {
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [join(folder, 'scripts', 'models-doc.mjs'), ...args], (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
  const lines = stderr.split('\n').filter(Boolean);
  expect(code).toBe(lines.length ? 1 : 0);
  return lines;
}
