// What the code says to a person goes through the catalogue, and the catalogue has it.

import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { zh } from '../print/words/zh.ts';

const root = 'apps/cli/src';

/** What says its arguments to a person. */
const speakers = new Set(['note', 'print', 'sayNote', 'printFooter', 'askYes', 'askLine', 'askSecret', 'showing']);
/** What translates its arguments. */
const translators = new Set(['translated', 'translatedCount', 'translatedAmount']);
/** Errors stay English, and so do warnings: most come from elsewhere. */
const english = new Set(['ImageError', 'Error', 'sayWarning', 'failed', 'messageOf']);

/** Files that put together what is said, so that each sentence in them is said. */
const speaking = /^(?:print|doctor)\//;
/** Of these, what is said by others, is an error, or is no text. */
const silent = new Set([
  'print/in-flags.ts', // hints
  'print/help-text.ts', // the help translates it where it is shown
  'print/help-words.ts',
  'print/operation-text.ts',
  'print/words/translated.ts',
  'print/words/zh.ts',
  'print/words/zh-pages.ts',
  'print/words/zh-tables.ts',
]);

type Around = 'translates' | 'quotes' | 'says';

interface Said {
  readonly file: string;
  readonly text: string;
}

/** Words in a row. What begins with the command is to be typed. */
function isSentence(text: string): boolean {
  return /[A-Za-z]{2,},? [a-z]{2,}/.test(text) && !text.trim().startsWith('anyimage ');
}

/** What is said in part, or put together of parts; the other test of the catalogue has these. */
const parts = new Set(['waiting for the ', ', counted whole,', 'million tokens of ']);

/** Said in English: of errors and of what a service changed, and labels in pictures, whose font may have no others. */
const inEnglish = new Set([
  '  wait at least ',
  'it may have been billed',
  'no picture came',
  'words were added to the prompt',
  ' left out',
  'error: not all could be printed: ',
  'the disk is full',
  'not known',
]);

/** The texts of a file that are given to a translator, and the sentences that are said without one. */
function textsOf(path: string): { readonly given: readonly string[]; readonly bare: readonly Said[] } {
  const file = path.slice(root.length + 1);
  const { program } = parseSync(path, readFileSync(path, 'utf8'));
  const given: string[] = [];
  const bare: Said[] = [];
  const named: string[] = [];
  const constants = new Map<string, string>();
  /** What the code around a text does with it, the innermost last. */
  const around: (Around | undefined)[] = [speaking.test(file) && !silent.has(file) ? 'says' : undefined];
  const enter = (kind: Around | undefined) => void (kind && around.push(kind));
  const leave = (kind: Around | undefined) => void (kind && around.pop());
  const see = (text: string, isWhole: boolean) => {
    const kind = around.at(-1);
    if (kind === 'translates' && isWhole) given.push(text);
    else if (kind === 'says' && isSentence(text)) bare.push({ file, text });
  };
  new Visitor({
    CallExpression: ({ callee, arguments: [first] }) => {
      const kind = kindOf(callee);
      enter(kind);
      if (kind === 'translates' && first?.type === 'Identifier') named.push(first.name);
    },
    'CallExpression:exit': ({ callee }) => leave(kindOf(callee)),
    NewExpression: ({ callee }) => enter(kindOf(callee)),
    'NewExpression:exit': ({ callee }) => leave(kindOf(callee)),
    // The places of a text are no text.
    ObjectExpression: () => void around.push(around.at(around.at(-1) === 'translates' ? -2 : -1)),
    'ObjectExpression:exit': () => void around.pop(),
    ImportDeclaration: () => enter('quotes'),
    'ImportDeclaration:exit': () => leave('quotes'),
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init?.type === 'Literal') constants.set(id.name, String(init.value));
    },
    Literal: ({ value }) => void (typeof value === 'string' && see(value, true)),
    TemplateElement: ({ value }) => see(value.cooked ?? '', false),
  }).visit(program);
  return { given: [...given, ...named.flatMap((name) => constants.get(name) ?? [])], bare };
}

function kindOf(callee: { readonly type: string }): Around | undefined {
  const name = 'name' in callee ? String(callee.name) : '';
  if (translators.has(name)) return 'translates';
  if (english.has(name)) return 'quotes';
  return speakers.has(name) ? 'says' : undefined;
}

const all = globSync(`${root}/**/*.ts`)
  .filter((file) => !file.endsWith('.test.ts') && !file.includes('/documents/'))
  .map(textsOf);

test('no sentence is said past the catalogue', () => {
  const isKnown = (text: string) =>
    [text, `per ${text}`].some((one) => Object.hasOwn(zh, one)) || parts.has(text) || inEnglish.has(text);
  expect(all.flatMap(({ bare }) => bare).filter(({ text }) => !isKnown(text))).toEqual([]);
});

test('every text that is given to the catalogue is in it', () => {
  const texts = [...new Set(all.flatMap(({ given }) => given))].filter((text) => /[a-z]{2}/.test(text));
  expect(texts.length).toBeGreaterThan(100);
  const isKnown = (text: string) => Object.hasOwn(zh, text) || Object.hasOwn(zh, `{count} ${text}s`);
  expect(texts.filter((text) => !isKnown(text))).toEqual([]);
});
