import { Command } from 'commander';
import { expect, test } from 'vitest';
import { flagOf, requestWords } from '../print/flag-names.ts';
import { makeFlags, milliseconds, money, pageSize, pictureId, port, sides } from './flags.ts';

function parse(...typed: string[]) {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .argument('[prompt...]');
  for (const option of makeFlags()) command.addOption(option);
  command.parse(typed, { from: 'user' });
  return { prompt: command.args, flags: command.opts() };
}

test('flags become the words of a request', () => {
  const typed = [
    'a',
    'boat',
    '-m',
    'paint',
    '-n',
    '2',
    '--size',
    '8x4',
    '--aspect-ratio',
    '16:9',
    '--output-format',
    'png',
  ];
  expect(parse(...typed, '--negative-prompt', 'fog', '--seed', '0', '--strength', '0.5')).toEqual({
    prompt: ['a', 'boat'],
    flags: {
      model: ['paint'],
      n: 2,
      size: '8x4',
      aspectRatio: '16:9',
      outputFormat: 'png',
      negativePrompt: 'fog',
      seed: 0,
      strength: 0.5,
    },
  });
});

test('models, pictures and options collect', () => {
  const typed = ['-m', 'a', '-m', 'b/c', '-i', '1.png', '--image', '2.png', '--option', 'x=1', '--option', 'y=a=b'];
  expect(parse(...typed).flags).toEqual({
    model: ['a', 'b/c'],
    image: ['1.png', '2.png'],
    option: { x: '1', y: 'a=b' },
  });
});

test('values do not leak from one parse to the next', () => {
  parse('-i', '1.png');
  expect(parse('-i', '2.png').flags).toEqual({ image: ['2.png'] });
});

test.each([
  ['-n', 'many'],
  ['--seed', 'x'],
  ['--option', 'watermark'],
  ['--option', '=1'],
  ['--expand', 'up=1'],
  ['--timeout', 'soon'],
  ['--size', '--json'],
  ['-i', '--mask'],
])('%s %j is refused', (...typed) => {
  expect(() => parse(...typed)).toThrow(/is invalid/);
});

test.each([
  ['1000', 1000],
  ['500ms', 500],
  ['90s', 90_000],
  ['1.5m', 90_000],
  ['2 min', 120_000],
  ['1500ms', 1500],
])('a time of %s is %i ms', (text, ms) => {
  expect(milliseconds(text)).toBe(ms);
});

test.each(['5', '30', '0.5', '999'])('a plain %s is no time: seconds are probably meant', (text) => {
  expect(() => milliseconds(text)).toThrow(`Are seconds meant? Write ${text}s`);
});

test.each(['', '0', '-5', '5 parsecs', '1e3', 'Infinity', '25h', '9'.repeat(400), '1.2.3s', '0x10s', '5constructor'])(
  '%j is no time',
  (text) => {
    expect(() => milliseconds(text)).toThrow(/90s/);
  },
);

test('sides are given together or by name', () => {
  expect(sides('0.5')).toEqual({ top: 0.5, right: 0.5, bottom: 0.5, left: 0.5 });
  expect(sides('left=0.5, top=2')).toEqual({ left: 0.5, top: 2 });
});

/** No number is written like this, whatever it is for. */
const odd = ['', ' ', 'many', 'NaN', 'Infinity', '-Infinity', '0x10', '1e9', '1e300', '1_000', '9'.repeat(400)];

test.each([
  ['a port', port, ['0', '8080', '65535'], ['65536', '-1', '80.5'], '8080'],
  ['a page', pageSize, ['1', '10000'], ['0', '-5', '10001', '2.5'], '20'],
  ['an id', pictureId, ['1', '9007199254740991'], ['0', '-1', '9007199254740993', '1.5'], '1795219200000'],
  ['sides', sides, ['0', '0.5', 'left=0.5,top=200', '100000'], ['-1', '100001', 'left=1e9', 'left='], '0.5'],
  ['money', money, ['0.10 USD', '0 eur', '1000000CNY'], ['-1 USD', '1e9 USD', 'NaN USD', '1000001 USD', '5'], '0.10'],
] as const)('%s is taken within its range, and refused with it and an example', (_, read, taken, refused, example) => {
  for (const text of taken) expect(() => read(text), text).not.toThrow();
  for (const text of [...refused, ...odd]) {
    expect(() => read(text), text).toThrow(new RegExp(`number from [\\d.]+ to \\d+, such as ${example}`));
  }
});

test.each(['-n', '--seed', '--strength', '--factor', '--output-compression'])('%s takes plain digits', (flag) => {
  const written = odd.filter((text) => text.trim() !== '');
  for (const text of written) expect(() => parse(flag, text), text).toThrow(/plain digits/);
});

test('a number that is empty or none is left to be read as nothing', () => {
  for (const text of ['', ' ', 'none', 'null']) expect(parse('--seed', text).flags).toEqual({ seed: '' });
});

test('every word of a request has the flag that the help shows', () => {
  const known = makeFlags().flatMap((option) => [option.short, option.long]);
  for (const word of requestWords) expect(known).toContain(flagOf(word));
});
