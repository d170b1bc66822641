#!/usr/bin/env node
// npm create @anyimage/provider: from words and questions to a package that is installed and tested.

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answers, complete, type Given, Slip } from './answers.ts';
import { ask } from './ask.ts';
import { help } from './help.ts';
import { npm } from './npm.ts';
import { writePackage } from './write-package.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort());
  try {
    const { given, isHelp, asksNothing, installs } = readWords(words);
    if (isHelp) {
      say(help);
      return 0;
    }
    const { stdin: input, stdout: output } = process;
    const asks = !asksNothing && input.isTTY && output.isTTY;
    const answers = complete(asks ? await ask(given, { input, output }, interrupt) : given);
    await create(answers, installs, interrupt.signal);
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) {
      process.stderr.write('\nInterrupted: nothing is left behind.\n');
      return 130;
    }
    const isSlip = error instanceof Slip || isSystemError(error);
    process.stderr.write(`${isSlip ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

function readWords(words: readonly string[]) {
  const { values, positionals } = parse(words);
  const [folder, ...more] = positionals;
  if (more.length > 0) throw new Slip(`One folder, please: ${positionals.join(', ')} are ${positionals.length}.`);
  if (values.sync && values.job) throw new Slip('--sync or --job, not both: a provider may have both later.');
  const mode = values.job ? 'job' : values.sync ? 'sync' : undefined;
  const all = {
    ...{ folder, mode, label: values.label, packageName: values.package },
    ...{ baseURL: values['base-url'], keyEnv: values['key-env'] },
  };
  const given: Given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return { given, isHelp: !!values.help, asksNothing: !!values.yes, installs: !values['no-install'] };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        label: { type: 'string' },
        'base-url': { type: 'string' },
        'key-env': { type: 'string' },
        package: { type: 'string' },
        sync: { type: 'boolean' },
        job: { type: 'boolean' },
        yes: { type: 'boolean', short: 'y' },
        'no-install': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Of several sentences the first says what is wrong.
    const [problem] = (error as Error).message.split(/\. |\n/);
    throw new Slip(`${problem}. --help shows the flags; npm passes them on behind a --.`);
  }
}

/** Writes, installs, builds and tests the package; takes it away if that is interrupted. */
async function create(answers: Answers, installs: boolean, signal: AbortSignal): Promise<void> {
  const { folder } = answers;
  const below = relative(process.cwd(), folder) || '.';
  const here = below.startsWith('..') ? folder : below;
  const { files, remove } = await writePackage(answers, ownVersions());
  say(`${here}: ${files.length} files, the provider ${answers.id} (${answers.mode}) of ${answers.label}\n`);
  try {
    if (installs) {
      await step('installing', () => npm(['install', '--no-audit', '--no-fund'], folder, signal));
      await step('building', () => npm(['run', 'build'], folder, signal));
      const tested = await step('testing', () => npm(['test'], folder, signal));
      const passed = /Tests\D*(\d+) passed/.exec(plain(tested))?.[1];
      if (passed) say(`  ${passed} tests passed\n`);
    }
  } catch (error) {
    if (signal.aborted) await remove();
    if (!(error instanceof Slip)) throw error;
    throw new Slip(
      `${error.message}\nThe files are in ${here}. When that is mended: cd ${here}, npm install, npm test`,
    );
  }
  say(next(answers, here, installs));
}

/** Says what is done and how long it took. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  say(`  ${what} …`);
  const started = Date.now();
  try {
    const result = await work();
    say(` ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    say('\n');
    throw error;
  }
}

function next({ id }: Answers, here: string, installs: boolean): string {
  const imitate = `anyimage emulate ${id}`;
  const add = 'anyimage plugins add .'.padEnd(imitate.length);
  const steps = [
    ...(here === '.' ? [] : [`cd ${here}`]),
    ...(installs ? [] : ['npm install && npm run build && npm test']),
    `${add}  # then -m ${id} draws, at a terminal and for agents`,
    `${imitate.padEnd(add.length)}  # the imitation, to try it without the service`,
  ];
  const works = installs ? 'It works, with an imitation of a service that does not exist yet. ' : '';
  const lines = steps.map((step) => `  ${step}\n`).join('');
  return `\n${works}Next:\n${lines}README.md says what to change, in which order: src/capabilities.ts first.\n`;
}

/** The versions that this package was made and tested with: what its own package.json says. */
function ownVersions(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).devDependencies;
}

function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}

/** A disk that is full, a folder that may not be written. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function say(text: string): void {
  process.stdout.write(text);
}
