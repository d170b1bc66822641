import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { makeFlags } from './flags.ts';
import { refuseRepeats } from './repeated-flags.ts';

function parse(...words: string[]) {
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .argument('[prompt...]');
  for (const option of makeFlags()) program.addOption(option);
  const below = program
    .command('below')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  below.option('--key <key>', 'with a default', 'usual').action(() => {});
  program.action(() => {});
  refuseRepeats(program);
  program.parse(words, { from: 'user' });
  return { ...program.opts(), ...below.opts() };
}

/** A value that each flag takes, and another. */
const values: Readonly<Record<string, readonly [string, string]>> = {
  '--translate': ['auto', 'never'],
  '--prefer': ['price', 'speed'],
  '--expand': ['0.5', 'left=0.2'],
  '--max-cost': ['1 USD', '2 USD'],
  '--max-price': ['1 USD', '2 USD'],
  '--timeout': ['5s', '6s'],
};
const single = makeFlags().filter(({ required, optional, parseArg, argChoices }) => {
  return (required || optional) && (argChoices !== undefined || (parseArg?.length ?? 0) < 2);
});

describe.each(single.map((option) => option.long ?? option.short!))('%s', (flag) => {
  const [one, other] = values[flag] ?? ['1', '2'];
  test('twice with two values is refused, and with one is that', () => {
    expect(() => parse(flag, one, flag, other)).toThrow(/already: give it once/);
    expect(parse(flag, one, flag, one)).toEqual(parse(flag, one));
  });
});

test('what may be given again still may, and a default is no value that was given', () => {
  expect(parse('-m', 'a', '-m', 'b', '-i', 'x', '-i', 'y', '--option', 'a=1', '--option', 'b=2')).toMatchObject({
    model: ['a', 'b'],
    image: ['x', 'y'],
    option: { a: '1', b: '2' },
  });
  expect(parse('below', '--key', 'mine')).toMatchObject({ key: 'mine' });
  expect(() => parse('below', '--key', 'mine', '--key', 'yours')).toThrow(/"mine" already/);
});

test.each([[['--preview', 'kitty', '--no-preview']], [['--no-preview', '--preview', 'kitty']]])(
  'a flag beside its opposite is refused, in either order: %s',
  (words) => {
    expect(() => parse(...words)).toThrow(/--no-preview' cannot be used with option '--preview/);
    expect(parse('--no-preview', '--no-preview')).toMatchObject({ preview: false });
  },
);
