// Many pictures from a file, by the built command line: what is missing is made, and nothing is paid twice.

import { spawn } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import type { Emulator, EmulatorFactory } from '@anyimage/testkit';
import { expect, type TestContext, test } from 'vitest';
import { newPerson, type Person, program } from './run-cli.ts';

async function begin(factory: EmulatorFactory, { onTestFinished }: TestContext, latencyMs = 0) {
  const service = await factory.start({ latencyMs });
  onTestFinished(() => service.close());
  const person = await newPerson({
    ...service.env,
    ANYIMAGE_MODEL: factory === openai ? 'openai/gpt-image-2' : 'cogview',
  });
  return { service, person };
}

const write = (person: Person, name: string, text: string) => writeFile(join(person.folder, name), text);

async function pictures(person: Person, folder: string): Promise<readonly string[]> {
  return (await readdir(join(person.folder, folder))).filter((name) => name.endsWith('.png')).sort();
}

interface Document {
  readonly rows: readonly {
    readonly n: number;
    readonly state: string;
    readonly pictures: readonly { readonly path: string }[];
  }[];
  readonly batch: Readonly<Record<string, number>>;
  readonly cost: readonly { readonly amount: number; readonly currency: string }[];
}

const documentIn = (stdout: string): Document => JSON.parse(stdout);
const sent = ({ requests }: Emulator) => requests.filter(({ spends }) => spends).length;

test.concurrent('rows are pictures; run again, only what is new is made, wherever it stands', async (context) => {
  const { service, person } = await begin(cogview, context);
  const rows = 'animal,style\ncat,ink\ndog,oil\n';
  await write(person, 'a.csv', rows);
  const words = ['batch', 'a.csv', '--prompt', 'a {{animal}} in {{style}}', '--name', '{{animal}}'];
  const dry = await person.run(...words, '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/2 pictures to make, about 0\.12 CNY/),
  });
  expect(await readdir(person.folder)).toEqual(['a.csv']);
  const first = await person.run(...words);
  expect(first.code).toBe(0);
  expect(first.stdout.trim().split('\n').sort()).toEqual(['a/cat.png', 'a/dog.png']);
  expect(first.stderr).toMatch(/2 of 2 made in a · about 0\.12 CNY/);
  expect(service.submissions).toBe(2);
  const report = await readFile(join(person.folder, 'a', 'report.html'), 'utf8');
  expect(report).toContain('src="cat.png"');

  await write(person, 'a.csv', rows.replace('cat', 'owl,ink\ncat'));
  const second = await person.run(...words, '--json');
  const { rows: made, batch, cost } = documentIn(second.stdout);
  expect(made.map(({ n, pictures: [one] }) => [n, one!.path])).toEqual([[1, join(person.folder, 'a', 'owl.png')]]);
  expect(batch).toMatchObject({ total: 3, done: 3, refused: 0 });
  expect(cost).toEqual([expect.objectContaining({ amount: 0.06, currency: 'CNY' })]);
  expect(service.submissions).toBe(3);
  expect(await pictures(person, 'a')).toEqual(['cat.png', 'dog.png', 'owl.png']);
  expect(await person.run(...words, '--size', '512x512')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/asked otherwise, and stays as it is: size was nothing, is 512x512/),
  });
  expect(service.submissions).toBe(3);
  expect(JSON.parse((await person.run('jobs', 'list', '--json')).stdout)).toEqual({ pending: [] });
});

test.concurrent('a refused row lets the others be made, and is asked again on purpose, also of another service', async (context) => {
  const { service, person } = await begin(cogview, context);
  service.fault({
    on: ({ point, body }) => point === 'generate' && JSON.stringify(body).includes('bad'),
    kind: 'failure',
    code: 'content-blocked',
    times: 'always',
  });
  await write(person, 'a.txt', 'a boat\na bad boat\na cat\n');
  const first = await person.run('batch', 'a.txt', '-o', 'out');
  expect(first).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/refused:.* row 2, line 2: .*--retry-refused/s),
  });
  const asked = sent(service);
  expect(await person.run('batch', 'a.txt', '-o', 'out')).toMatchObject({ code: 3 });
  expect(sent(service)).toBe(asked);
  const last = await person.run('batch', 'a.txt', '-o', 'out', '--retry-refused', '-m', 'sketch', '--size', '64x64');
  expect(last).toMatchObject({ code: 0, stdout: 'out/0002-bad-boat.png\n' });
});

test.concurrent('a key that is refused ends the batch, and nothing more is sent', async (context) => {
  const { service, person } = await begin(openai, context);
  service.fault({ on: 'generate', kind: 'failure', code: 'auth', times: 'always' });
  await write(person, 'a.txt', Array.from({ length: 30 }, (_, row) => `boat ${row}`).join('\n'));
  const { code, stderr } = await person.run('batch', 'a.txt');
  expect(code).toBe(1);
  expect(stderr).toMatch(/0 of 30 made/);
  expect(sent(service)).toBeLessThan(8);
});

/** A person with a list of two services, of which the first refuses everything with `code`. */
async function beginList(context: TestContext, code: 'auth' | 'quota', without?: string) {
  const [first, next] = await Promise.all([cogview.start(), openai.start()]);
  context.onTestFinished(async () => {
    await Promise.all([first.close(), next.close()]);
  });
  first.fault({ on: 'generate', kind: 'failure', code, times: 'always' });
  const env = Object.entries({ ...first.env, ...next.env }).filter(([name]) => name !== without);
  const person = await newPerson(Object.fromEntries(env));
  await write(person, 'a.txt', 'a\nb\nc\n');
  return { next, person, words: ['batch', 'a.txt', '-m', 'cogview', '-m', 'openai'] };
}

test.concurrent('a key that is refused, or missing, ends the batch before the next model of the list is paid for', async (context) => {
  const { next, person, words } = await beginList(context, 'auth');
  const refused = await person.run(...words);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/cogview\/\S+, else openai/);
  expect(refused.stderr).toMatch(/0 of 3 made.*keys set.*leave cogview\/\S+ out of the list/s);
  expect(next.requests).toEqual([]);

  const keyless = await beginList(context, 'auth', 'ZHIPU_API_KEY');
  const missing = await keyless.person.run(...keyless.words);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/0 of 3 made.*keys set.*leave cogview\/\S+ out of the list/s);
  expect(missing.stderr.match(/keys set/g)).toHaveLength(1);
  expect(keyless.next.requests).toEqual([]);
});

test.concurrent('rows that go to the next model say so once, in their records and on the page', async (context) => {
  const { person, words } = await beginList(context, 'quota');
  const { code, stderr } = await person.run(...words, '-o', 'out');
  expect(code).toBe(0);
  expect(stderr.match(/changed: cogview\/\S+: account without credit, so openai\/\S+/g)).toHaveLength(1);
  const [page = '', list = ''] = await Promise.all(
    ['report.html', 'report.jsonl'].map((name) => readFile(join(person.folder, 'out', name), 'utf8')),
  );
  const rows = list
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const change = { option: 'model', sent: expect.stringMatching(/^openai/), because: 'account without credit' };
  expect(rows).toMatchObject([1, 2, 3].map(() => ({ state: 'done', applied: [change] })));
  expect(page.match(/model cogview\S* → openai\S* \(account without credit\)/g)).toHaveLength(3);
});

test.concurrent('a budget of the run ends it where the money ends; the next run goes on', async (context) => {
  const { service, person } = await begin(cogview, context);
  await write(person, 'a.txt', 'a\nb\nc\nd\n');
  const first = await person.run('batch', 'a.txt', '--budget', '0.13 CNY');
  expect(first).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/2 of 4 made.*budget for this run is 0\.13 CNY/s),
  });
  expect(service.submissions).toBe(2);
  expect(await person.run('batch', 'a.txt', '--budget', '0.13CNY')).toMatchObject({ code: 0 });
  expect(service.submissions).toBe(4);
  await write(person, 'b.txt', 'a\n');
  const other = await person.run('batch', 'b.txt', '--budget', '5USD');
  expect(other).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/in CNY, the budget in USD.*budget of the run in CNY/s),
  });
});

test.concurrent.for(['SIGINT', 'SIGTERM'] as const)(
  '%s brings home what is paid for, and says how to go on',
  async (signal, context) => {
    const { service, person } = await begin(openai, context, 300);
    await write(person, 'a.txt', Array.from({ length: 12 }, (_, row) => `boat ${row}`).join('\n'));
    const { child, ended, lines } = person.start('batch', 'a.txt', '-o', 'out', '--at-once', '3');
    await lines(2);
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(stderr).toMatch(/nothing more is sent.*try: the same command again/s);
    const made = await pictures(person, 'out');
    expect(made.length).toBe(service.submissions);
    expect(made.length).toBeLessThan(12);
    expect(await person.run('batch', 'a.txt', '-o', 'out', '--at-once', '3')).toMatchObject({ code: 0 });
    expect(service.submissions).toBe(12);
  },
);

test.concurrent('a second process on the same batch is refused in one sentence', async (context) => {
  const { service, person } = await begin(openai, context, 1000);
  await write(person, 'a.txt', 'a\nb\nc\n');
  const first = person.start('batch', 'a.txt');
  await service.next('request');
  expect(await person.run('batch', 'a.txt')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: another anyimage is making the batch in a\n {2}try: Wait/m),
  });
  expect(await first.ended).toMatchObject({ code: 0 });
  expect(service.submissions).toBe(3);
});

test.concurrent('what is wrong is told before anything is sent, and never as a success', async (context) => {
  const { service, person } = await begin(cogview, context);
  await mkdir(join(person.folder, 'folder'));
  await write(person, 'empty.txt', '\n# nothing\n');
  await write(person, 'a.txt', 'a\n');
  await write(person, 'outside.csv', 'prompt,output\na,a.png\nb,../x.png\n');
  await write(person, 'rows.json', '[{"prompt": "a"}]');
  await write(person, 'ragged.csv', `prompt,size\n${'a\n'.repeat(20)}b,64x65\nc,1024x1024\n`);
  const refused = async (told: RegExp, ...words: readonly string[]) => {
    const { code, stderr, stdout } = await person.run('batch', ...words);
    expect([code, stderr], words.join(' ')).toEqual([2, expect.stringMatching(told)]);
    expect(stderr).not.toMatch(/\n {4}at /);
    return stdout;
  };
  await Promise.all([
    refused(/empty\.txt has no rows/, 'empty.txt'),
    refused(/none\.txt does not exist/, 'none.txt'),
    refused(/line 2:.* 1 column,.*and 11 more.*21 of 22 rows are refused/s, 'ragged.csv'),
    refused(/unknown option.*--budget/s, 'a.txt', '--bugdet', '5USD'),
    refused(/"\.\.\/x\.png" is no name of a file.*1 of 2 rows/s, 'outside.csv', '--dry-run'),
    refused(/ends in \.json has is not known/, 'rows.json'),
    refused(/folder is a folder/, 'folder'),
    refused(/no picture format|not a folder/, 'a.txt', '-o', '/dev/null/x'),
    refused(/not a folder|is a file/, 'a.txt', '-o', 'a.txt', '--dry-run'),
  ]);
  const json = JSON.parse(await refused(/21 of 22/, 'ragged.csv', '--json', '--dry-run'));
  expect(json).toMatchObject({ images: [], error: { details: { refused: 21 } }, plan: { total: 22 } });
  expect((await readdir(person.folder)).sort()).toEqual([
    'a.txt',
    'empty.txt',
    'folder',
    'outside.csv',
    'ragged.csv',
    'rows.json',
  ]);
  expect(sent(service)).toBe(0);
});

test.concurrent('what is wrong with a pipe is said of standard input, and Ctrl-C while it is read leaves nothing', async (context) => {
  const { person } = await begin(cogview, context);
  const temporary = join(person.folder, 'tmp');
  await mkdir(temporary);
  const left = async () => (await readdir(temporary)).filter((name) => name.startsWith('anyimage'));
  const typing = await newPerson({ TMPDIR: temporary });
  for (const [text, told] of [
    ['', 'error: standard input has no rows'],
    ['a,a\n1,2\n', 'error: the header of standard input names "a" twice'],
  ] as const) {
    const { code, stderr } = await typing.pipe(text, 'batch', '-', '--input-format', text ? 'csv' : 'txt', '-y');
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
    expect(stderr).not.toContain(temporary);
  }
  expect(await left()).toEqual([]);
  const pipe = spawn(process.execPath, [program, 'batch', '-'], { cwd: typing.folder, env: typing.env });
  pipe.stdin.write('a boat\n');
  context.onTestFinished(() => void pipe.kill('SIGKILL'));
  await context.expect.poll(left, { timeout: 20_000 }).toHaveLength(1);
  pipe.kill('SIGINT');
  expect(await new Promise((resolve) => pipe.on('close', resolve))).toBe(130);
  expect(await left()).toEqual([]);
});

test.concurrent('prompts that are piped in are kept, so that the batch can go on', async (context) => {
  const { service, person } = await begin(cogview, context);
  expect(await person.pipe('a boat\na cat\n', 'batch', '-', '-o', 'out')).toMatchObject({ code: 0 });
  await appendFile(join(person.folder, 'out', 'batch-rows.txt'), 'a dog\n');
  expect(await person.run('batch', 'out/batch-rows.txt', '-o', 'out')).toMatchObject({ stdout: 'out/0003-dog.png\n' });
  expect(service.submissions).toBe(3);
});
