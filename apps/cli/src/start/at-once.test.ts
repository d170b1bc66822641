import { expect, test } from 'vitest';
import { speak } from '../print/words/translated.ts';
import { zh } from '../print/words/zh.ts';
import { helpOfAll } from './at-once.ts';
import { addHelpOfAll, recordHelp } from './help-of-all.ts';
import { createProgram } from './program.ts';

const operations = [{ name: 'upscale', command: 'upscale' }];

test.for([
  ['English', undefined],
  ['Chinese', zh],
] as const)('the help of all is the same with and without the parser, in %s', ([, language]) => {
  const recorded = recordHelp(createProgram(), operations);
  speak(language);
  try {
    let printed = '';
    const program = createProgram().configureOutput({
      writeOut: (text) => {
        printed += text;
      },
    });
    addHelpOfAll(program, operations);
    program.outputHelp();
    expect(`${helpOfAll(recorded)}\n`).toBe(printed);
    expect(printed).toMatch(/upscale .*\n/);
  } finally {
    speak(undefined);
  }
});
