import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { builtIn, check, complete, Slip } from './answers.ts';
import { ask } from './ask.ts';

test('the folder says the rest', () => {
  expect(complete({ folder: 'somewhere/anyimage-provider-paint-box/' })).toEqual({
    folder: join(process.cwd(), 'somewhere/anyimage-provider-paint-box'),
    id: 'paint-box',
    packageName: 'anyimage-provider-paint-box',
    label: 'Paint Box',
    baseURL: 'https://api.paint-box.example/v1',
    keyEnv: 'PAINT_BOX_API_KEY',
    mode: 'sync',
  });
});

test('what is given counts', () => {
  const given = {
    ...{ folder: 'it', packageName: '@me/it', label: 'Künste & Co.', baseURL: 'https://it.example/' },
    ...{ keyEnv: 'IT_TOKEN', mode: 'job' },
  };
  expect(complete(given)).toMatchObject({ ...given, folder: join(process.cwd(), 'it'), baseURL: 'https://it.example' });
});

const wrong = {
  folder: ['', '  ', 'Paint', '3d', 'a_b', 'a--b', '-a', 'a-', 'x'.repeat(41), 'a b', 'é', '/'],
  packageName: ['', 'Paint', 'a b', '@me', '@me/', 'a/b', '../a', 'x'.repeat(215)],
  label: ['', "It's", 'a`b', 'a"b', 'a\\b', 'a\nb', '*/', '$x', ' -', 'x'.repeat(61)],
  baseURL: [
    ...['', 'api.example.com', 'http://api.example.com', 'ftp://a.example', 'https://', 'https://a.example/?key=1'],
    ...[
      'https://me:pass@a.example',
      'https://a.example/#x',
      "https://a.example/'",
      'https://a.example/`',
      'file:///etc',
    ],
  ],
  keyEnv: ['', 'sk-1234567890', 'lower_case', '1_KEY', 'A KEY', 'A-KEY'],
  mode: ['', 'both', 'async'],
} as const;

describe.each(Object.entries(wrong))('a wrong %s', (name, answers) => {
  test.each(answers)('%j is refused', (answer) => {
    expect(() => check(name as keyof typeof wrong, answer)).toThrow(Slip);
  });
});

test.each(['https://a.example', 'https://a.example:8443/v1/x', 'http://127.0.0.1:7860', 'http://[::1]:80/v1'])(
  'the base URL %s is taken',
  (url) => {
    expect(check('baseURL', url)).toBe(url);
  },
);

test('what may be a key is not repeated', () => {
  const said = [() => check('keyEnv', 'sk-secret'), () => check('baseURL', 'https://a.example/?key=sk-secret')].map(
    (say) => {
      try {
        return say();
      } catch (error) {
        return String(error);
      }
    },
  );
  expect(said.join()).not.toContain('sk-secret');
});

describe('asking', () => {
  const interrupt = new AbortController();

  /** Answers each question with the next line. */
  function person(...lines: readonly string[]) {
    const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
    const rest = [...lines];
    let heard = '';
    output.on('data', (text: string) => {
      heard += text;
      if (!/: $/.test(heard)) return;
      const line = rest.shift();
      if (line === undefined) input.end();
      else input.write(`${line}\n`);
    });
    return { terminal: { input, output }, heard: () => heard };
  }

  test('what is not given is asked, with what it would be; again, if it is wrong', async () => {
    const { terminal, heard } = person('Paint', 'paint', '', 'nothing', 'https://api.paint.com/v2', '', 'job');
    expect(await ask({}, terminal, interrupt)).toEqual({
      ...{ folder: 'paint', label: 'Paint', baseURL: 'https://api.paint.com/v2' },
      ...{ keyEnv: 'PAINT_API_KEY', mode: 'job' },
    });
    expect(heard()).toContain('"Paint" cannot be a provider');
    expect(heard()).toContain('(PAINT_API_KEY): ');
    expect(heard()).toContain('The base URL must be an https URL');
  });

  test('what is given is not asked', async () => {
    const { terminal, heard } = person('');
    const given = { folder: 'it', label: 'It', baseURL: 'https://it.example', keyEnv: 'IT_KEY' };
    expect(await ask(given, terminal, interrupt)).toEqual({ ...given, mode: 'sync' });
    expect(heard().match(/: /g)).toHaveLength(1);
  });

  test('who leaves has written nothing', async () => {
    await expect(ask({}, person('it').terminal, interrupt)).rejects.toThrow('Nothing was written.');
  });
});

test('the name of a provider that comes with anyimage is none for another', async () => {
  const folders = await readdir(new URL('../../', import.meta.url));
  const own = folders.flatMap((name) => /^provider-(.+)/.exec(name)?.[1] ?? []);
  expect([...builtIn].sort()).toEqual(own.sort());
  expect(() => check('folder', 'openai')).toThrow('anyimage has a provider openai already');
});

test('a name that is too long is not repeated whole, and the limit is said', () => {
  const said = /^The name "a{40}…" cannot be .* at most 40 in all/;
  expect(() => check('folder', 'a'.repeat(300))).toThrow(said);
});
