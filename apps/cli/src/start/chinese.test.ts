// The catalogue has all that it is for, and nothing else; whatever is shown fits the terminal in both languages.

import { globSync, readFileSync } from 'node:fs';
import { configJSONSchema, listModels, providers } from '@anyimage/host';
import type { Command } from 'commander';
import { afterEach, describe, expect, test } from 'vitest';
import { addExamples } from '../learn/examples.ts';
import { modelText } from '../print/model-text.ts';
import { plain } from '../print/terminal/paint.ts';
import { tableText } from '../print/terminal/table.ts';
import { longestPiece, width } from '../print/terminal/wrap.ts';
import { asksForChinese, type Catalogue, speak, translated } from '../print/words/translated.ts';
import { zh } from '../print/words/zh.ts';
import { zhTables } from '../print/words/zh-tables.ts';
import { addHelpOfAll } from './help-of-all.ts';
import { createProgram } from './program.ts';
import { addOperations } from './program-operations.ts';

const columnsBefore = process.stdout.columns;
const ttyBefore = process.stdout.isTTY;

afterEach(() => {
  speak(undefined);
  Object.assign(process.stdout, { columns: columnsBefore, isTTY: ttyBefore });
});

/** The help of every command, at a terminal of so many columns. */
async function allHelp(columns: number): Promise<ReadonlyMap<string, string>> {
  Object.assign(process.stdout, { columns, isTTY: true });
  const program = createProgram();
  await addOperations(program);
  addHelpOfAll(program);
  addExamples(program);
  const shown = new Map<string, string>();
  const show = (command: Command, path: string) => {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
    shown.set(path, text);
    for (const below of command.commands) show(below, `${path} ${below.name()}`);
  };
  show(program, 'anyimage');
  return shown;
}

/** Texts that are the same in every language: prices, names, numbers. */
const sameEverywhere = /^[^a-z]*$|^\d|^how (far|much) .*: |^~|^PROVIDER/;

test('every text of the help is in Chinese, and so is every text that is translated where it is said', async () => {
  const asked = new Set<string>();
  const listening: Catalogue = new Proxy(zh, {
    getOwnPropertyDescriptor(target, key) {
      asked.add(String(key));
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
  speak(listening);
  await allHelp(110);
  const sources = globSync('apps/cli/src/**/*.ts').filter((file) => !/zh[\w-]*\.ts$|\.test\.ts$/.test(file));
  const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const [, text] of code.matchAll(/\btranslated\(\s*'((?:[^'\\]|\\.)+)'/g)) asked.add(text!);
  for (const [, heading] of code.matchAll(/\[\[?(?:'[A-Z ]*', )*'([A-Z][A-Z ]+)'/g)) asked.add(heading!);
  const missing = [...asked].filter((text) => !Object.hasOwn(zh, text) && !sameEverywhere.test(text));
  expect(missing).toEqual([]);
  const put = [...code.matchAll(/\btranslated\(\s*`([^`]+)`/g)].map(([, template]) => patternOf(template!));
  const isPut = (text: string) => put.some((pattern) => pattern.test(text));
  const unused = Object.keys(zh).filter(
    (text) =>
      !ofHost.has(text) && !Object.hasOwn(zhTables, text) && !asked.has(text) && !isSaid(text, code) && !isPut(text),
  );
  expect(unused).toEqual([]);
});

/** Words of host that are translated as they come. */
const ofHost = new Set(['untrusted', 'shipped', 'project']);

/** What a template can become. */
function patternOf(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

test('every text of the page of every model is in Chinese, but for what its provider says of an option', () => {
  const missing = new Set<string>();
  const abouts = new Set<string>();
  speak(
    new Proxy(zh, {
      getOwnPropertyDescriptor(target, key) {
        const text = String(key);
        if (!Object.hasOwn(target, text) && !sameEverywhere.test(text) && !text.startsWith('-')) missing.add(text);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    }),
  );
  for (const model of listModels(providers, {}, new Map(), Date.parse('2026-11-20'))) {
    modelText(model, plain);
    for (const about of describedIn(model.row, 'about')) abouts.add(about);
  }
  expect([...missing].filter((text) => !abouts.has(text))).toEqual([]);
});

test('what styles and the keys of a config say of themselves is in Chinese, and nothing that no table says', () => {
  const ours = [...styleTexts(), ...describedIn(configJSONSchema())];
  expect(ours.filter((text) => !Object.hasOwn(zh, text))).toEqual([]);
  // A provider may be ahead of the catalogue.
  const files = globSync('packages/provider-*/src/**/*.ts', { exclude: ['**/*.test.ts'] });
  const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const isTold = (text: string) => ours.includes(text) || code.includes(`'${text}'`);
  expect(Object.keys(zhTables).filter((text) => !isTold(text))).toEqual([]);
});

function styleTexts(): readonly string[] {
  return globSync('packages/host/src/styles/*.json').map((file) => JSON.parse(readFileSync(file, 'utf8')).about);
}

/** Every `description`, or what else is asked for, in a tree. */
function describedIn(node: unknown, word = 'description'): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === word && typeof value === 'string' ? [value] : describedIn(value, word),
  );
}

/** Whether a text stands in the code, be it as a count of something or a part of a price. */
function isSaid(text: string, code: string): boolean {
  const [, counted] = /^\{count\} (\w+?)s?$/.exec(text) ?? [];
  if (counted) return code.includes(`'${counted}')`);
  const quotable = JSON.stringify(text).slice(1, -1);
  return [`'${text}'`, `"${quotable}"`, `|${text}|`, `|${text})`, `:${text}|`].some((one) => code.includes(one));
}

test('a translation has the places of its text', () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
  for (const [english, chinese] of Object.entries(zh)) expect(places(chinese), english).toEqual(places(english));
});

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, true],
  [{ LANG: 'zh' }, true],
  [{ LANG: 'zh_SG.UTF-8' }, true],
  [{ LANG: 'zh-Hans' }, true],
  [{ LANG: 'zh_TW.UTF-8' }, false],
  [{ LANG: 'zh_HK.UTF-8' }, false],
  [{ LANG: 'zh_MO' }, false],
  [{ LANG: 'zh-Hant-CN' }, false],
  [{ LANG: 'zha_CN' }, false],
  [{ LANG: 'de_DE.UTF-8' }, false],
  [{}, false],
  [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }, true],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: '' }, true],
])('%j is Chinese: %s', (env, chinese) => {
  expect(asksForChinese(env)).toBe(chinese);
});

test('what the catalogue lacks is said in English, with its places', () => {
  speak(zh);
  expect(translated('nobody says {what}', { what: 'this' })).toBe('nobody says this');
});

describe.each([40, 80, 140])('at %i columns', (columns) => {
  test.each([
    ['English', undefined],
    ['Chinese', zh],
  ])('no line of any help in %s is wider', async (_, catalogue) => {
    speak(catalogue);
    for (const [path, text] of await allHelp(columns)) {
      for (const line of text.split('\n')) {
        const indent = line.length - line.trimStart().length;
        const fits = width(line) <= columns || longestPiece(line.trim()) + indent >= columns;
        expect(fits ? '' : `${path}: ${line}`).toBe('');
      }
    }
  });

  test('no line of a table is wider, and no sign is cut', () => {
    const rows = [
      ['编号', '时间', '图像', '模型', '提示词'],
      [
        'p-3f9a1c02',
        '2026-11-20 16:04',
        '小猫.png',
        'cogview/cogview-4',
        '一只戴着红色围巾的小猫坐在窗边看雪'.repeat(6),
      ],
    ];
    const text = tableText(rows, (_, part) => part, columns);
    for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(columns);
    expect(text.replaceAll(/\s/g, '')).toContain('小猫.png');
    expect(text).not.toContain('\ufffd');
  });
});
