// Asking a provider's language model: what it wrote before comes from the cache, what it charges counts in the budget.

import { createHash, randomUUID } from 'node:crypto';
import { hiddenIn } from '../access/access.ts';
import { createContext } from '../access/context.ts';
import { asImageError, asPaidFailure } from '../access/explain.ts';
import type { Reservation } from '../contract/budget.ts';
import type { Engine, ResolvedAccess } from '../contract/engine.ts';
import type { ImageError } from '../contract/errors.ts';
import type { Warning } from '../contract/notices.ts';
import type { ImageProvider, Money, Usage, WrittenText } from '../contract/provider.ts';
import { cleanText } from '../foreign/clean.ts';
import { moneyIn } from '../foreign/read-ticket.ts';
import { redact } from '../foreign/redact.ts';
import { createDeadline, type Deadline } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { withRetries } from '../timing/retry.ts';

/** The longest that one question may take, ms: a picture of the original words is better than none. */
const longestMs = 30_000;

/** A longer text is no prompt: no model takes one, characters. */
const longestPrompt = 32_000;

/** What a language model used and charged during a request. */
export interface TextSpending {
  readonly usage?: Usage;
  /** As far as they are known. */
  readonly costs: readonly Money[];
  /** That a price is not known. */
  readonly warnings: readonly Warning[];
  /** Whether something was charged, or may have been: what failed after it was sent counts, too. */
  readonly mayHaveBeenBilled: boolean;
}

export interface TextModel {
  /**
   * Rewrites a text as `system` says; words in quotation marks come back as they were. `undefined`: the model left it as it was.
   * Throws what the model throws, `budget`, or an error that says why its answer is of no use.
   */
  write(system: string, text: string): Promise<string | undefined>;
  /** What was spent until now, whatever became of it. */
  spent(): TextSpending;
}

export interface TextModelOptions {
  readonly engine: Pick<Engine, 'prompts' | 'log' | 'budget' | 'clock' | 'maxRetries' | 'transport'>;
  readonly provider: ImageProvider;
  readonly access: ResolvedAccess;
  /** That of the request. A question may take half of what is left of it, and no longer than 30 s. */
  readonly deadline: Deadline;
}

export function createTextModel(options: TextModelOptions): TextModel {
  const { engine, provider } = options;
  const { textModel } = provider.access;
  const answers: WrittenText[] = [];
  let isFailureBilled = false;
  return {
    async write(system, text) {
      if (!provider.text) throw new Error(`${provider.label} has no text model`);
      const parts = [provider.id, ...(textModel ? [textModel] : []), system, text];
      const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
      const isSame = (written: string) => cleanText(written).trim() === cleanText(text).trim();
      const known = await engine.prompts.cache.get(key);
      if (known !== undefined && !isSame(known)) return known;
      const { marked, quotes } = maskQuotes(text);
      const answer = await ask(options, provider.text, system, marked).catch((error: ImageError) => {
        isFailureBilled ||= error.mayHaveBeenBilled;
        throw error;
      });
      answers.push(answer);
      const written = restoreQuotes(answer.text.trim(), quotes);
      if (written === undefined) throw new Error('the text model changed words in quotation marks');
      if (written.length > longestPrompt) throw new Error(`the text model wrote ${written.length} characters`);
      // Not remembered: asked again, the model may do better.
      if (isSame(written)) return undefined;
      await engine.prompts.cache.set(key, written).catch((error: unknown) => {
        engine.log?.('prompt-cache', { problem: asImageError(error).message });
      });
      return written;
    },
    spent() {
      const used = answers.flatMap(({ usage = {} }) => (usage.textIn || usage.textOut ? [usage] : []));
      const total = (word: 'textIn' | 'textOut') => used.reduce((sum, usage) => sum + (usage[word] ?? 0), 0);
      const isUnknown = answers.some(({ cost }) => !cost);
      const messages = [
        ...(isUnknown ? ['what the text model charges is unknown and not in the cost; usage holds its tokens'] : []),
        ...(isFailureBilled
          ? ['a question to the text model failed and may have been billed, which is not in the cost']
          : []),
      ];
      return {
        ...(used.length && { usage: { textIn: total('textIn'), textOut: total('textOut') } }),
        costs: answers.flatMap(({ cost }) => (cost && cost.amount > 0 ? [cost] : [])),
        warnings: messages.map((message) => ({ code: 'cost', message })),
        mayHaveBeenBilled: isFailureBilled || answers.some(({ cost }) => cost?.amount !== 0),
      };
    },
  };
}

/**
 * Each question has a reservation of its own: it is paid for whatever becomes of the pictures. It follows the law of all that spends: it
 * is repeated only after a failure known to be free, and an answer that is of no use is paid for. Throws ImageErrors.
 */
async function ask(
  { engine, provider, access, deadline }: TextModelOptions,
  model: NonNullable<ImageProvider['text']>,
  system: string,
  user: string,
): Promise<WrittenText> {
  const { budget, clock, maxRetries, log } = engine;
  const now = clock.now();
  const own = createDeadline(Math.min(longestMs, Math.max(0, deadline.at - now) / 2), deadline.signal, now);
  let isAnswered = false;
  const onSuccess = () => {
    isAnswered = true;
  };
  const contextFor = (spends: boolean) => createContext(engine, provider, access, own.signal, { onSuccess, spends });
  const settle = (reservation: Reservation | undefined, cost: Money | null, mayHaveBeenBilled: boolean) =>
    reservation?.settle({ costs: cost ? [cost] : [], mayHaveBeenBilled }).catch((error: unknown) => {
      log?.('budget', { problem: asImageError(error).message });
    });
  try {
    const atMost = moneyIn(model.atMost?.(contextFor(true))) ?? null;
    const spends = atMost?.amount !== 0;
    const context = contextFor(spends);
    const askOnce = () =>
      orAbort(model.write({ system, user }, context), own.signal, { mayHaveBeenBilled: spends }).catch((error) => {
        throw asTextFailure(error, spends, isAnswered);
      });
    const reservation = await budget?.reserve({
      model: `${provider.id}/${context.textModel ?? 'its text model'}`,
      intent: randomUUID(),
      cost: atMost,
    });
    const retry = { clock, maxRetries, signal: own.signal, deadline: own.at, spends };
    try {
      own.signal.throwIfAborted();
      const written = await withRetries(askOnce, retry);
      const { cost: told, ...rest } = written;
      const cost = moneyIn(told);
      const text = redact(cleanText(written.text), hiddenIn(access));
      const answer: WrittenText = { ...rest, text, ...(cost && { cost }) };
      await settle(reservation, cost ?? null, !cost);
      return answer;
    } catch (error) {
      await settle(reservation, null, asImageError(error).mayHaveBeenBilled);
      throw error;
    }
  } finally {
    own.clear();
  }
}

/** A provider's hint speaks of the picture that may have been billed, but none was asked for yet. */
function asTextFailure(error: unknown, spends: boolean, isAnswered: boolean): ImageError {
  const known = asPaidFailure(error, { isAnswered });
  if (!known.mayHaveBeenBilled && !(isAnswered && spends)) return known;
  const hint = 'Look at the account: the attempt of the text model may have been billed.';
  return known.with({ mayHaveBeenBilled: spends, hint: spends ? hint : undefined });
}

/** An opening sign, then those that close it: „ is closed by either. */
const quotationMarks = ['""', '“”', '„“”', '«»', '「」', '『』'];
/** Apostrophes are the same signs: these quote only where neither a letter nor a digit touches them from outside. */
const singleMarks = ["''", '‘’'];

/** What looks like a mark stays, too: else it would be taken for one when the text comes back. */
const mark = '\\[\\[\\d+\\]\\]';

const quoted = new RegExp([mark, ...quotationMarks.map(between), ...singleMarks.map(apart)].join('|'), 'gu');

/** Some text on one line between a pair of signs; none that opens stands in it, so that a text of them is read once and not from each. */
function between([open, ...closing]: string): string {
  const close = closing.join('');
  return `${open}[^${open}${close}\\n]+[${close}]`;
}

function apart(marks: string): string {
  return `(?<![\\p{L}\\p{N}])${between(marks)}(?![\\p{L}\\p{N}])`;
}

/** Replaces quoted text by marks, so that a text model cannot change it. */
export function maskQuotes(text: string): { marked: string; quotes: string[] } {
  const quotes: string[] = [];
  const marked = text.replace(quoted, (quote) => {
    quotes.push(quote);
    return `[[${quotes.length}]]`;
  });
  return { marked, quotes };
}

/** Puts quoted text back; `undefined` unless each mark is there exactly once. */
export function restoreQuotes(text: string, quotes: readonly string[]): string | undefined {
  const seen = new Set<number>();
  let sound = true;
  const restored = text.replace(/\[\[(\d+)\]\]/g, (_, digits: string) => {
    const index = Number(digits) - 1;
    if (seen.has(index) || quotes[index] === undefined) sound = false;
    seen.add(index);
    return quotes[index] ?? '';
  });
  return sound && seen.size === quotes.length ? restored : undefined;
}
