import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../program.ts';
import { commandWords, doubtfulWords } from './command-words.ts';
import { refuseCommand, refuseLostVerb } from './refuse-command.ts';

const commands = createProgram().commands.map((command) => command.name());

/** Whether a command line draws its words: it is no command of ours, and is not refused. */
function draws(line: string): boolean {
  const words = line.split(' ');
  if (commands.includes(words[0]!)) return words[0] === 'make';
  try {
    refuseCommand(words, commands);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-request', hint: expect.stringContaining('anyimage make ') });
    return false;
  }
}

describe('words that look like a command draw nothing:', () => {
  const lines = `
    help, version, completion, completion bash, plugins, plugin, open, open x.png, list, list models, batch, batch x.txt, compare,
    compare a b, edit, edit photo.jpg, edit boat.png night, outpaint, outpaint x.png, upscale, upscale photo.jpg 2, colorize, colorize old.jpg,
    inpaint, inpaint a b c, init, diff, diff a.png b.png, stats, stats march, rm, rm x.png, login, login openai, logout, update,
    install, install anyimage-provider-bfl, uninstall x, upgrade, run, run prompt.txt, show, show x.png, show history, delete, delete x.png,
    generate, generate cat, generate a red boat, create image, draw, ls, ls -a, status, config, configure, setup, set model, set key value,
    get model, auth login, whoami, env, doctor, check, add plugin, add x, remove x.png, remove cogview, search boat, clear cache, cache,
    new, image, images, key, model, style, provider, mask x.png, crop x.png, resize x.png 50%, convert a.png b.jpg, restore old.png,
    describe x.png, info, history, again, jobs, job, queue, ps, cancel, retry, resume all, usage, cost, pricing, serve, server start, start, stop,
    export, import x.json, undo, redo, man, manual, docs, examples, ?, /?, /help, quit, exit, mcp, chat, ask, embed, templates, aliases, alias,
    boat.png, prompts.txt, ./boat, ~/x, /tmp/x.png, ..\\boat, C:\\x.png, https://example.com, foo x.png, frob data.csv, a boat boat.png,
    modles, model, Models, MODELS, histroy, histroy kitten, provders, providerss, confg, confg get, docter, emulat, kyes, kyes set, hlep, edti x,
    last, latest, previous, clipboard, json, verbose, p-12345678, t-12345678abcd, p-1a2b3c4d again, openai, sketch, cogview, openai/gpt-image-2, gateway,
    anyimage-mcp, hist, h, v, n, n 4, seed 4, size 512, tail, gc, cleanup, register, enable, reload, rotate, rotate 90, blur, compress, sharpen, scale,
    background-remove, rembg, collage, paste, npm install, git status, conf, 历史, 帮助, 模型, 配置, 批量, package.json, apps, boat.psd, data.xlsx, song.mp3,
    $HOME/x, %TEMP%\\x,
    opne x.png, Help, Open, VERSION, vesrion, compelte, isntall x, deelte x, lsit, agian, trsut, upadte
  `
    .split(',')
    .map((line) => line.trim());

  test('there are enough of them', () => expect(lines.length).toBeGreaterThan(150));
  test.each(lines)('%s', (line) => expect(draws(line)).toBe(false));
});

test.each([
  ...[
    'a red sailboat',
    'kitten',
    'sunset over the sea',
    'remove the car',
    'add a hat to it',
    'clear sky over a lake',
    'new york at night',
  ],
  ...[
    'view of the alps',
    'man on a bench',
    'image of a cat',
    'logo for a bakery',
    'stop sign in snow',
    'test tube full of stars',
  ],
  ...[
    'story',
    'actor',
    'muse',
    'fuse',
    'rust',
    'crust',
    'CON',
    'keys2',
    'form',
    'gain',
    'tractor',
    'mod',
    'stars',
    'state',
    'beach',
    'cat',
    'dog',
  ],
  ...[
    'sailboat',
    'rotate the wheel of fortune',
    'last light over the sea',
    'sketch of a boat',
    'hello',
    'mouse',
    'house',
    'models.',
    '日落',
    'cat.',
    'hel',
    '',
    'a 3.5 mm jack',
    'ratio 16:9',
    'and/or',
    '24/7 diner',
    'node.js',
  ],
])('%j is a prompt', (line) => expect(draws(line)).toBe(true));

test.each([['list of birds'], ['open the window'], ['help me'], ['models on a runway'], [' edit this']])(
  '%j as one argument is a prompt',
  (prompt) => expect(() => refuseCommand([prompt], commands)).not.toThrow(),
);

test('a word before a quoted prompt is a command all the same', () => {
  expect(() => refuseCommand(['imagine', 'a red boat'], commands)).toThrow(/looks like a command/);
  expect(() => refuseCommand(['edit', 'my boat.png', 'make it winter'], commands)).toThrow(/is a command/);
  expect(() => refuseCommand(['a red boat', 'boat.png'], commands)).toThrow(/looks like a file/);
  expect(() => refuseCommand(['a red boat', 'at night'], commands)).not.toThrow();
});

test('the refusal says what was probably meant, and how to draw the words', () => {
  expect(() => refuseCommand(['modles'], commands)).toThrow(
    expect.objectContaining({
      message: '"modles" is nearly the command "models"; nothing was sent',
      hint: 'Perhaps anyimage models; anyimage make modles draws the word.',
    }),
  );
  expect(() => refuseCommand(['login', 'my service', 'a', 'b', 'c'], commands)).toThrow(
    expect.objectContaining({
      hint: 'Perhaps anyimage keys set PROVIDER; anyimage make login "my service" a b … draws the words.',
    }),
  );
  // Nothing is suggested that is not there.
  expect(() => refuseCommand(['run'], commands)).toThrow(
    expect.objectContaining({ hint: 'anyimage --help shows the commands; anyimage make run draws the word.' }),
  );
});

test('no word stands in both lists, and none in other letters than small ones', () => {
  const words = [...Object.keys(commandWords), ...Object.keys(doubtfulWords)];
  expect(words.filter((word, index) => words.indexOf(word) !== index || word !== word.toLowerCase())).toEqual([]);
});

test.each([
  ['it night', false, true],
  ['it night', true, true],
  ['the sea red', true, true],
  ['the sea at dawn', false, false],
  ['a boat', true, false],
  ['it', true, false],
])('make %s with a picture: %s, is refused: %s', (words, hasImage, isRefused) => {
  const refusal = expect(() => refuseLostVerb(words.split(' '), hasImage));
  if (isRefused) refusal.toThrow(`"make" is the command here, and "${words}" all of the prompt`);
  else refusal.not.toThrow();
});

const letters = [...'models-x'];

test('a word is refused exactly if one edit after its first letter makes it a command', () => {
  const edits = new Set(['models', ...editsOf('models')]);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: fc.constantFrom(...letters) }), fc.constantFrom(...edits)), (word) => {
      // A word of other tools is refused whatever the commands are.
      const isRefused = (known: readonly string[]) => {
        try {
          refuseCommand([word], known);
          return false;
        } catch {
          return true;
        }
      };
      expect(isRefused(['models'])).toBe(edits.has(word) || isRefused([]));
    }),
  );
});

/** All words that one edit makes of `word`, its first letter kept, in the letters of the test. */
function editsOf(word: string): string[] {
  const places = Array.from({ length: word.length }, (_, place) => place + 1);
  const added = places.flatMap((at) => letters.map((one) => word.slice(0, at) + one + word.slice(at)));
  const replaced = places.flatMap((at) => letters.map((one) => word.slice(0, at) + one + word.slice(at + 1)));
  const dropped = places.map((at) => word.slice(0, at) + word.slice(at + 1));
  const swapped = places.map(
    (at) => word.slice(0, at) + [...word.slice(at, at + 2)].reverse().join('') + word.slice(at + 2),
  );
  return [...added, ...replaced, ...dropped, ...swapped];
}
