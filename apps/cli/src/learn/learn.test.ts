// What teaches is true: every command has examples, and they are commands and flags that there are.

import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../start/program.ts';
import { addExamples, examplePaths, examplesOf } from './examples.ts';
import { manPage } from './man-page.ts';
import { findOption, placeAfter } from './place.ts';
import { wordsOf } from './shell-line.ts';

const program = createProgram();

function all(command: Command, path: readonly string[] = []): (readonly [path: string, command: Command])[] {
  return command.commands.flatMap((one) => {
    const below = [...path, one.name()];
    return [[below.join(' '), one] as const, ...all(one, below)];
  });
}

test('every command shows examples, in one place', () => {
  addExamples(program);
  const silent = all(program).filter(([, command]) => {
    let shown = '';
    command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
    return shown.match(/^Examples?:\n {2}\S/gm)?.length !== 1;
  });
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('examples are of commands that there are, with flags that they have', () => {
  const paths = all(program).map(([path]) => path);
  for (const path of examplePaths) {
    expect(paths).toContain(path);
    for (const [line] of examplesOf(path.split(' '))) {
      const [typed = ''] = line.split(/ [|<]|>/);
      const { words, current } = wordsOf(typed);
      const line_ = [...words, current].filter((word) => word !== '');
      const place = placeAfter(program, line_);
      expect(paths).toContain(place.path.join(' '));
      const flags = line_.filter((word) => /^-./.test(word)).map((word) => word.split('=')[0]!);
      for (const flag of flags) expect(findOption(place.command, program, flag), `${line}: ${flag}`).toBeDefined();
    }
  }
});

test('the man page has every command and every flag, and no line that roff would take for a request', () => {
  const page = manPage(program, '1.2.3');
  for (const [path] of all(program)) expect(page).toContain(`.SS anyimage ${path.replaceAll('-', '\\-')}`);
  for (const { long, short, hidden } of program.options) {
    if (!hidden) expect(page).toContain((long ?? short)!.replaceAll('-', '\\-'));
  }
  const requests = page.split('\n').filter((line) => /^[.']/.test(line) && !/^\.(TH|SH|SS|TP|B|br)\b/.test(line));
  expect(requests).toEqual([]);
});
