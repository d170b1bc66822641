import type { RequestListener, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../test/loopback.ts';
import { resolveAccess } from '../access/access.ts';
import { fromChat } from '../access/chat.ts';
import { defineProvider } from '../access/define-provider.ts';
import { exchange } from '../access/exchange.ts';
import type { Reservation } from '../contract/budget.ts';
import type { ClientOptions } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { ImageProvider, Money } from '../contract/provider.ts';
import { createEngine } from '../run/create-engine.ts';
import { createDeadline } from '../timing/deadline.ts';
import { createTextModel, maskQuotes, restoreQuotes } from './text-model.ts';

test.each([
  [`a sign that says 'OPEN'`, ["'OPEN'"]],
  ['say "hello" and “bye”', ['"hello"', '“bye”']],
  ['ein Schild „Offen“ und «fermé»', ['„Offen“', '«fermé»']],
  ['写着「开门」的牌子', ['「开门」']],
  ['『看板』と ‘Offen’', ['『看板』', '‘Offen’']],
  ['„one” and „two“', ['„one”', '„two“']],
  ['two: "a" "b"', ['"a"', '"b"']],
  [`the dog's bone and the cat's toy`, []],
  [`the dog’s 'bone' is 7’5, and the cat's ‘toy’ 3'4`, ["'bone'", '‘toy’']],
  ['nothing: "" “” „“ «» 「」 『』', []],
  ['not "over\nlines", “over\nlines”, «over\nlines» or 「over\nlines」', []],
  ['not “closed„ or «this」', []],
  ['a footnote [[1]] and "a word"', ['[[1]]', '"a word"']],
  ['[[2]] "with [[1]]" [[2]] [[x]] [1]', ['[[2]]', '"with [[1]]"', '[[2]]']],
])('of %j the quotes stay', (text, quotes) => {
  expect(maskQuotes(text).quotes).toEqual(quotes);
});

test.each(['“', '„', '«a ', '「', '『', ' ‘', " '", '"', '[[1', '“a\n'])('a prompt full of %o is read once', (part) => {
  const text = part.repeat(200_000 / part.length);
  // Read once from each sign it would take minutes.
  expect(maskQuotes(text).marked.length).toBeLessThanOrEqual(text.length * 4);
});

test('what is marked comes back as it was, wherever the text model puts it', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[^"\n[\]]{1,12}$/), { maxLength: 5 }), (words) => {
      const text = words.map((word) => `x "${word}" y`).join(' ');
      const { marked, quotes } = maskQuotes(text);
      expect(restoreQuotes(marked, quotes)).toBe(text);
      const reversed = marked.split(' ').reverse().join(' ');
      for (const word of words) expect(restoreQuotes(reversed, quotes)).toContain(`"${word}"`);
    }),
  );
});

test('any text comes back as it was, whatever of it looks like a mark', () => {
  const piece = fc.constantFrom(
    '[[1]]',
    '[[2]]',
    '[[',
    ']]',
    '[',
    ']',
    '1',
    '23',
    '"',
    '“',
    '”',
    "'",
    ' ',
    'boat',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const { marked, quotes } = maskQuotes(text);
      expect(restoreQuotes(marked, quotes)).toBe(text);
    }),
  );
});

test('a prompt with [[1]] in it is translated', async () => {
  const asked = writer({ write: async ({ user }) => ({ text: user.replace('Fußnote', 'footnote') }) });
  expect(await asked.write('Translate.', 'eine Fußnote [[1]]')).toBe('eine footnote [[1]]');
  expect(await asked.write('Translate.', 'eine Fußnote [[7]] "[[1]]"')).toBe('eine footnote [[7]] "[[1]]"');
});

test.each(['no mark', '[[1]] twice [[1]]', '[[1]] and [[2]]'])(
  'a text model that loses or invents marks (%j) is not believed',
  (text) => {
    expect(restoreQuotes(text, ['"a"'])).toBeUndefined();
  },
);

const usd = (amount: number): Money => ({ amount, currency: 'USD', estimated: false });

function writer(
  text: NonNullable<ImageProvider['text']>,
  options: Partial<ClientOptions> = {},
  timeout = 60_000,
  baseURL = 'https://paint.example',
) {
  const provider = defineProvider({
    id: 'paint',
    label: 'Paint',
    models: {},
    regions: { only: { baseURL } },
    keys: [],
    sign: () => ({}),
    text,
  })();
  // It stands still: half of what is left is then exact.
  const clock = { now: () => 0, sleep: async () => {} };
  const engine = createEngine({ providers: [provider], env: {}, maxRetries: 0, clock, ...options });
  onTestFinished(() => engine.transport.close());
  const access = resolveAccess(provider, {}, {});
  const deadline = createDeadline(timeout, undefined, clock.now());
  onTestFinished(deadline.clear);
  return createTextModel({ engine, provider, access, deadline });
}

describe('what is paid for is never forgotten', () => {
  test('an answer that is of no use', async () => {
    const asked = writer({
      write: async () => ({ text: 'no mark', usage: { textIn: 3, textOut: 2 }, cost: usd(0.02) }),
    });
    await expect(asked.write('Translate.', 'say "hello"')).rejects.toThrow('quotation marks');
    expect(asked.spent()).toEqual({
      usage: { textIn: 3, textOut: 2 },
      costs: [usd(0.02)],
      warnings: [],
      mayHaveBeenBilled: true,
    });
  });

  test('a cache that cannot be written loses neither the text nor its cost', async () => {
    const cache = { get: async () => undefined, set: () => Promise.reject(new Error('ENOSPC')) };
    const asked = writer({ write: async () => ({ text: 'a cat', cost: usd(0.02) }) }, { prompts: { cache } });
    expect(await asked.write('Translate.', 'eine Katze')).toBe('a cat');
    expect(asked.spent().costs).toEqual([usd(0.02)]);
  });

  test('of a free model no failure may have been billed', async () => {
    const hint = 'The picture may have been billed.';
    const write = () => Promise.reject(new ImageError('server', 'broken', { mayHaveBeenBilled: true, hint }));
    const error = await writer({ write, atMost: () => usd(0) })
      .write('Translate.', 'eine Katze')
      .catch((failure) => failure);
    expect(error).toMatchObject({ message: 'broken', mayHaveBeenBilled: false });
    expect(error.hint).toBeUndefined();
  });

  test('what the cache knows costs nothing', async () => {
    let calls = 0;
    const asked = writer({
      write: async () => {
        calls += 1;
        return { text: 'a cat' };
      },
    });
    await asked.write('Translate.', 'eine Katze');
    await asked.write('Translate.', 'eine Katze');
    expect(calls).toBe(1);
    expect(asked.spent().warnings).toMatchObject([{ code: 'cost' }]);
  });
});

describe('the law of money is that of pictures', () => {
  const chat = (content: unknown) => JSON.stringify({ choices: [{ message: { content } }] });
  const write: NonNullable<ImageProvider['text']>['write'] = async (question, context) => {
    const { envelope, body } = await exchange(context, { to: 'chat', json: question });
    if (envelope.status >= 500) throw new ImageError('server', 'internal error', { retryable: true });
    if (envelope.status === 429) throw new ImageError('rate-limit', 'slow down', { retryable: true });
    return fromChat(body);
  };

  /** What a server answers to one prompt, and what comes of it: how often it was asked, the ledger, what is told as spent. */
  async function askServer(answers: readonly RequestListener[], atMost?: Money) {
    let calls = 0;
    const { origin } = await serve((request, response) => {
      request.resume();
      request.on('end', () => answers[Math.min(calls++, answers.length - 1)]!(request, response));
    });
    const settled: unknown[] = [];
    const budget = {
      check: async () => {},
      reserve: async () => ({ settle: async (spent: unknown) => void settled.push(spent) }),
    };
    const text = { write, ...(atMost && { atMost: () => atMost }) };
    const asked = writer(text, { budget, maxRetries: 3 }, 60_000, origin);
    const written = await asked.write('Translate.', 'eine Katze').catch((error: unknown) => error);
    return { calls, settled, written, spent: asked.spent() };
  }

  const answer =
    (body: string, status = 200) =>
    (_: unknown, response: ServerResponse) => {
      response.writeHead(status).end(body);
    };
  const cut = (_: unknown, response: ServerResponse) => response.destroy();
  const cutLater = (_: unknown, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 1000 }).write('{"choices":[', () => response.destroy());
  };

  test.each<[what: string, answers: RequestListener[]]>([
    ['has no text', [answer(chat(''))]],
    ['has nothing of its form', [answer('{}')]],
    ['is cut JSON', [answer('{"choices":[{"message":{"content":"a c')]],
    ['is a web page', [answer('<html>hello</html>')]],
    ['is no JSON', [answer('a cat')]],
    ['is a text that broke off', [answer('{"choices":[{"finish_reason":"network_error"}]}')]],
    ['is refused by a filter', [answer('{"choices":[{"finish_reason":"content_filter"}]}')]],
    ['is cut off', [cutLater]],
    ['never comes', [cut]],
    ['comes after one that is free', [answer('', 429), answer('{}')]],
  ])('an answer that %s is paid for, and not asked for again', async (_, answers) => {
    const { calls, settled, written, spent } = await askServer([...answers, answer(chat('a cat'))]);
    expect(calls).toBe(answers.length);
    expect(written).toMatchObject({ mayHaveBeenBilled: true });
    expect(settled).toEqual([{ costs: [], mayHaveBeenBilled: true }]);
    expect(spent).toMatchObject({ mayHaveBeenBilled: true, warnings: [{ code: 'cost' }] });
  });

  test('what is known to be free is asked for again', async () => {
    const { calls, settled, written, spent } = await askServer([
      answer('', 429),
      answer('', 500),
      answer(chat('a cat')),
    ]);
    expect([calls, written]).toEqual([3, 'a cat']);
    expect(settled).toEqual([{ costs: [], mayHaveBeenBilled: true }]);
    expect(spent.mayHaveBeenBilled).toBe(true);
  });

  test('a model that is free may be asked again after anything that passes, and nothing was billed', async () => {
    const { calls, settled, spent } = await askServer([cut, answer(chat(''))], usd(0));
    expect(calls).toBe(4);
    expect(settled).toEqual([{ costs: [], mayHaveBeenBilled: false }]);
    expect(spent).toMatchObject({ mayHaveBeenBilled: false, warnings: [] });
  });

  test('a model that does not answer in time may have been billed', async () => {
    const asked = writer({ write: () => new Promise(() => {}) }, {}, 40);
    await expect(asked.write('Translate.', 'eine Katze')).rejects.toMatchObject({ mayHaveBeenBilled: true });
    expect(asked.spent().mayHaveBeenBilled).toBe(true);
  });

  test('a budget that refuses sends nothing, and nothing was billed', async () => {
    const budget = { check: async () => {}, reserve: () => Promise.reject(new ImageError('budget', 'too much')) };
    const asked = writer({ write }, { budget });
    await expect(asked.write('Translate.', 'eine Katze')).rejects.toMatchObject({ code: 'budget' });
    expect(asked.spent().mayHaveBeenBilled).toBe(false);
  });
});

describe('a text that is left as it was', () => {
  test('is no answer, and the next one may be better', async () => {
    const texts = ['say "hi"', ' say [[1]] ', 'sag [[1]]'];
    const asked = writer({ write: async () => ({ text: texts.shift()!.replace('"hi"', '[[1]]') }) });
    const write = () => asked.write('Translate.', 'say "hi"\n');
    expect([await write(), await write(), await write(), await write()]).toEqual([
      undefined,
      undefined,
      'sag "hi"',
      'sag "hi"',
    ]);
    expect(texts).toEqual([]);
  });

  test('is asked for again where a cache holds it', async () => {
    const cache = { get: async () => 'eine Katze', set: async () => {} };
    const asked = writer({ write: async () => ({ text: 'a cat' }) }, { prompts: { cache } });
    expect(await asked.write('Translate.', 'eine Katze')).toBe('a cat');
  });

  test('whatever it is', async () => {
    const asked = writer({ write: async ({ user }) => ({ text: user }) });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const written = await asked.write('Translate.', text).catch((error: Error) => error.message);
        expect([undefined, 'the text model changed words in quotation marks']).toContain(written);
      }),
    );
  });
});

test('a model that never answers leaves half of the time for the picture', async () => {
  const asked = writer({ write: () => new Promise(() => {}) }, {}, 1000);
  await expect(asked.write('Translate.', 'x')).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('within the timeout of 500 ms'),
  });
});

describe('a budget', () => {
  const seen: unknown[] = [];
  const budget = (refuse = false) => {
    seen.length = 0;
    const refusal = async () => {
      if (refuse) throw new ImageError('budget', 'too dear');
    };
    return {
      check: refusal,
      async reserve(expected: { model: string; cost: Money | null }): Promise<Reservation> {
        await refusal();
        seen.push([expected.model, expected.cost]);
        return { settle: async (spent) => void seen.push(spent) };
      },
    };
  };

  test('reserves the most that an answer costs, and is told what it did', async () => {
    const text = { write: async () => ({ text: 'a cat', cost: usd(0.02) }), atMost: () => usd(0.05) };
    await writer(text, { budget: budget() }).write('Translate.', 'eine Katze');
    expect(seen).toEqual([['paint/its text model', usd(0.05)], { costs: [usd(0.02)], mayHaveBeenBilled: false }]);
  });

  test.each([-4, Number.NaN, Number.POSITIVE_INFINITY])('hears of no price that is none: %s', async (amount) => {
    const text = { write: async () => ({ text: 'a cat', cost: usd(amount) }), atMost: () => usd(amount) };
    const asked = writer(text, { budget: budget() });
    await asked.write('Translate.', 'eine Katze');
    expect(seen).toEqual([['paint/its text model', null], { costs: [], mayHaveBeenBilled: true }]);
    expect(asked.spent()).toMatchObject({ costs: [], warnings: [{ code: 'cost' }] });
  });

  test('hears of an unknown price, and of a failure that may have been billed', async () => {
    const write = () => Promise.reject(new ImageError('network', 'cut', { mayHaveBeenBilled: true }));
    await expect(writer({ write }, { budget: budget() }).write('Translate.', 'x')).rejects.toThrow('cut');
    expect(seen).toEqual([['paint/its text model', null], { costs: [], mayHaveBeenBilled: true }]);
  });

  test('that refuses keeps the model from being asked', async () => {
    let calls = 0;
    const write = async () => {
      calls += 1;
      return { text: 'a cat' };
    };
    await expect(writer({ write }, { budget: budget(true) }).write('Translate.', 'x')).rejects.toThrow('too dear');
    expect(calls).toBe(0);
  });
});
