import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { PromptSettings } from '../contract/prompts.ts';
import type { ImageProvider, InputImage } from '../contract/provider.ts';
import { decide } from '../models/decide.ts';
import { createEngine } from '../run/create-engine.ts';
import { createDeadline } from '../timing/deadline.ts';
import { detectScript } from './language.ts';
import { helpPrompt, memoryPromptCache } from './prompt-help.ts';
import { createTextModel } from './text-model.ts';

test.each([
  ['一只猫', 'zh'],
  ['海辺の猫', 'ja'],
  ['바다 옆의 고양이', 'ko'],
  ['a cat 猫', undefined],
  ['ein Boot', undefined],
  ['лодка', undefined],
  ['123 !', undefined],
  ['', undefined],
])('%j is %s by its script', (text, language) => {
  expect(detectScript(text)).toBe(language);
});

describe('the memory of prompts', () => {
  test('holds a mebibyte of texts, and of those what was used last', async () => {
    const text = fc.string({ minLength: 1, maxLength: 8 });
    const use = fc.record({
      key: fc.constantFrom(...'abcdefgh'),
      text: fc.option(text),
      size: fc.integer({ min: 1, max: 2 ** 19 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(use, { maxLength: 30 }), async (uses) => {
        const cache = memoryPromptCache();
        /** The newest last. */
        const known = new Map<string, string>();
        for (const { key, text, size } of uses) {
          const told = text === null ? await cache.get(key) : text.padEnd(size, '-');
          if (text !== null) await cache.set(key, told!);
          else expect([known.get(key), undefined]).toContain(told);
          known.delete(key);
          if (told !== undefined) known.set(key, told);
          let held = 0;
          for (const [name, value] of [...known].reverse()) {
            held += name.length + value.length;
            if (held > 2 ** 20) known.delete(name);
          }
        }
        const kept: string[] = [];
        for (const [key, value] of [...known].reverse()) {
          expect(await cache.get(key)).toBe(value);
          kept.push(value);
        }
        expect(kept.join('').length).toBeLessThanOrEqual(2 ** 20);
      }),
    );
  });

  test('forgets what is too much, a single text too', async () => {
    const cache = memoryPromptCache();
    for (let index = 0; index < 100; index++) await cache.set(`key ${index}`, 'x'.repeat(30_000));
    expect(await cache.get('key 0')).toBeUndefined();
    expect(await cache.get('key 99')).toHaveLength(30_000);
    await cache.set('long', 'x'.repeat(2 ** 20));
    expect(await cache.get('long')).toBeUndefined();
  });
});

describe('help for a prompt', () => {
  const key = 'test-key';
  type Write = NonNullable<ImageProvider['text']>['write'];

  async function help(
    prompts: PromptSettings,
    {
      write = async () => ({ text: 'a cat' }),
      languages = ['en'],
      enhance = false,
      row = {},
      images = [],
      ending,
      signal = new AbortController().signal,
    }: {
      write?: Write;
      languages?: readonly string[];
      enhance?: boolean | string;
      row?: Partial<ModelCapabilities>;
      images?: readonly InputImage[];
      ending?: string | undefined;
      signal?: AbortSignal;
    } = {},
  ) {
    const provider = defineProvider({
      id: 'paint',
      label: 'Paint',
      models: {
        oil: {
          label: 'Oil',
          source: 'https://docs.example',
          checked: '2026-11-20',
          prompt: { languages },
          operations: { generate: {}, edit: { images: { count: [1, 1], types: ['image/png'], as: ['url'] } } },
          delivery: { as: 'bytes' },
          ...row,
        },
      },
      regions: { only: { baseURL: 'https://paint.example' } },
      keys: [{ env: 'PAINT_KEY' }],
      sign: () => ({}),
      text: { write },
    })();
    const engine = createEngine({ providers: [provider], env: { PAINT_KEY: key }, maxRetries: 0, prompts });
    onTestFinished(() => engine.transport.close());
    const prompt = 'eine Katze';
    const [model] = engine.registry.resolve('paint');
    const decision = decide(engine, model!, { request: { prompt, n: 1, images }, applied: [] }, false);
    const deadline = createDeadline(60_000, signal, Date.now());
    onTestFinished(deadline.clear);
    const wish = typeof enhance === 'string' ? { wish: enhance } : {};
    const textModel = createTextModel({ engine, provider, access: decision.access, deadline });
    const helped = await helpPrompt({
      engine,
      decision,
      textModel,
      signal,
      prompt,
      ending,
      translate: true,
      enhance,
      ...wish,
    });
    const { usage, costs, warnings } = textModel.spent();
    return { ...helped, warnings: [...helped.warnings, ...warnings], costs, ...(usage && { usage }) };
  }

  test('a known language that the model lacks is translated', async () => {
    const { sent, applied } = await help({ detect: () => 'de' });
    expect(sent).toBe('a cat');
    expect(applied).toMatchObject([{ because: 'paint/oil understands English, the prompt is German' }]);
  });

  test.each<[string, () => unknown]>([
    ['zh_CN', () => 'zh_CN'],
    ['xx', () => 'xx'],
    ['an empty text', () => ''],
    ['no text at all', () => 42],
    ['a language in words', () => Promise.resolve('the German language')],
  ])('a detector that answers with %s has not told the language', async (_, detect) => {
    const helped = await help({ detect: detect as NonNullable<PromptSettings['detect']> });
    expect(helped).toEqual({ sent: 'eine Katze', applied: [], warnings: [], costs: [] });
  });

  test.each<[string, NonNullable<PromptSettings['detect']>]>([
    [
      'throws',
      () => {
        throw new Error('no dictionary');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no dictionary'))],
  ])('a detector that %s does not fail the request', async (_, detect) => {
    expect(await help({ detect })).toEqual({ sent: 'eine Katze', applied: [], warnings: [], costs: [] });
  });

  test('a language of the table that has no name is told by its code', async () => {
    const { applied } = await help({ detect: () => 'de' }, { languages: ['no_such_language'] });
    expect(applied).toMatchObject([{ because: expect.stringContaining('understands no_such_language') }]);
  });

  test.each([`Bearer ${key} was refused`, `https://paint.example/?key=${encodeURIComponent(key)}`])(
    'a warning never holds the key (%s)',
    async (message) => {
      const write = () => Promise.reject(new Error(message));
      const { warnings } = await help({ detect: () => 'de' }, { write, enhance: true });
      expect(warnings.map(({ code }) => code)).toEqual(['prompt', 'prompt', 'cost']);
      expect(JSON.stringify(warnings)).not.toContain(key);
      expect(warnings[0]!.message).toContain('***');
    },
  );

  test.each<[string, Write]>([
    ['the same text', async ({ user }) => ({ text: user })],
    ['the same text between blanks', async ({ user }) => ({ text: ` ${user}\n` })],
  ])('a text model that answers with %s is told of', async (_, write) => {
    const { sent, applied, warnings } = await help({ detect: () => 'de' }, { write, enhance: true });
    expect([sent, applied]).toEqual(['eine Katze', []]);
    expect(warnings.filter(({ code }) => code === 'prompt')).toEqual([
      {
        code: 'prompt',
        message:
          'the text model left the prompt as it was: it is sent in German, which paint/oil may not understand; ' +
          'write it in English yourself, or name another text model',
      },
      {
        code: 'prompt',
        message: 'the text model left the prompt as it was: it is sent without being enhanced',
      },
    ]);
  });

  test('a text as long as the model takes may come back as it was', async () => {
    const row = { prompt: { max: 10, unit: 'characters', languages: ['de'] } } as const;
    const write: Write = async ({ user }) => ({ text: user });
    const { warnings } = await help({ detect: () => 'de' }, { write, enhance: true, row, ending: 'noir film' });
    expect(warnings[0]!.message).toContain('without being enhanced');
  });

  test.each(['the picture may have been billed', undefined])(
    'a failure that may have been billed is one of the text model, no picture was asked for (%s)',
    async (hint) => {
      const facts = { mayHaveBeenBilled: true, ...(hint && { hint }) };
      const write = () => Promise.reject(new ImageError('server', 'internal error', facts));
      const { warnings } = await help({ detect: () => 'de' }, { write });
      expect(warnings).toEqual([
        {
          code: 'prompt',
          message:
            'the prompt could not be translated and is sent as it is: internal error; ' +
            'Look at the account: the attempt of the text model may have been billed.',
        },
        {
          code: 'cost',
          message: 'a question to the text model failed and may have been billed, which is not in the cost',
        },
      ]);
    },
  );

  test('what the text model charges is told, and that it is unknown', async () => {
    const usage = { textIn: 10, textOut: 5 };
    const cost = { amount: 0.01, currency: 'USD', estimated: false };
    const write = async () => ({ text: 'a cat', usage, cost });
    expect(await help({ detect: () => 'de' }, { write })).toMatchObject({ usage, costs: [cost], warnings: [] });
    const free = async () => ({ text: 'a cat', usage, cost: { ...cost, amount: 0 } });
    expect(await help({ detect: () => 'de' }, { write: free })).toMatchObject({ usage, costs: [], warnings: [] });
    const unpriced = async () => ({ text: 'a cat', usage });
    expect(await help({ detect: () => 'de' }, { write: unpriced })).toMatchObject({
      costs: [],
      warnings: [{ code: 'cost' }],
    });
  });

  test('a detector that never answers does not outlive the request', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(help({ detect: () => new Promise(() => {}) }, { signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('what a style asks for goes to the text model, and its words behind the prompt, untranslated', async () => {
    let asked = '';
    const write: Write = async ({ system, user }) => {
      asked += `${system} ${user}`;
      return { text: 'a cat' };
    };
    const options = { write, enhance: 'noir', ending: 'noir film' };
    expect(await help({ detect: () => 'de' }, options)).toMatchObject({ sent: 'a cat, noir film' });
    expect(asked).toContain('Style: noir.');
    expect(asked).not.toContain('noir film');
  });

  describe('a text model is asked to write', () => {
    const askedOf = async (row: Partial<ModelCapabilities>, images: readonly InputImage[] = []) => {
      let asked = '';
      const write: Write = async ({ system }) => {
        asked = system;
        return { text: 'a cat' };
      };
      await help({ detect: () => 'en' }, { write, enhance: true, row, images });
      return asked;
    };

    test.each([
      [{}, 'one flowing paragraph'],
      [{ wording: 'brief' }, 'two or three plain sentences'],
      [{ wording: 'structured' }, 'in this order'],
      [{ wording: 'tags' }, 'keywords'],
    ] as const)('as the makers of a model advise (%j)', async (row, words) => {
      expect(await askedOf(row)).toContain(words);
    });

    test('no more than a model takes', async () => {
      expect(await askedOf({ prompt: { max: 800, unit: 'characters' } })).toContain('at most 800 characters');
      expect(await askedOf({ prompt: { max: 224, unit: 'tokens' } })).not.toContain('224');
    });

    test('of a change what changes, whatever the wording', async () => {
      const asked = await askedOf({ wording: 'tags' }, [{ as: 'url', url: 'https://example.com/a.png' }]);
      expect(asked).toContain('how a given picture is to be changed');
      expect(asked).not.toContain('keywords');
    });
  });

  test('it rejects when the signal aborts', async () => {
    const stop = new AbortController();
    const write = () => {
      stop.abort(new Error('gave up'));
      return Promise.reject(new Error('cut off'));
    };
    await expect(help({ detect: () => 'de' }, { write, signal: stop.signal })).rejects.toThrow('gave up');
  });
});
