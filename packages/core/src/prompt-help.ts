// The prompt in a language the model knows and, if asked for, in richer words. Both by a text model; a failure keeps the
// prompt as it is and warns, for a picture of the original words is better than none.

import { createHash } from 'node:crypto';
import type { Decision } from './decide.ts';
import type { Engine } from './engine.ts';
import { redact } from './http/redact.ts';
import { detectScript } from './language.ts';
import type { CallContext, ImageProvider, Usage } from './provider.ts';
import type { Applied, Warning } from './result.ts';
import { withRetries } from './retry.ts';

/** How a client treats prompts; see `ClientOptions.prompts`. */
export interface PromptSettings {
  /**
   * Says the language of a text, ISO 639-1 in lower case, or nothing if it is not sure; any other answer and any failure count
   * as not sure. Default: by script alone.
   */
  readonly detect?: (text: string) => string | undefined | Promise<string | undefined>;
  /** Remembers what text models wrote; default in memory. */
  readonly cache?: PromptCache;
  /** Named styles for `enhance`: name -> what to ask of the text model. */
  readonly styles?: { readonly [name: string]: string };
}

export interface PromptCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
}

/** In memory, for as long as the client lives. */
export function memoryPromptCache(): PromptCache {
  const texts = new Map<string, string>();
  return { get: async (key) => texts.get(key), set: async (key, text) => void texts.set(key, text) };
}

export interface HelpedPrompt {
  readonly sent: string;
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
  readonly usage?: Usage;
}

export interface HelpOptions {
  readonly engine: Engine;
  readonly decision: Decision;
  readonly provider: ImageProvider;
  readonly context: CallContext;
  /** Unix time, ms. */
  readonly deadline: number;
  readonly prompt: string;
  readonly translate: boolean;
  /** `true`, or the name of a style. */
  readonly enhance: boolean | string;
}

/**
 * Translates a prompt that the model does not understand, and enriches it if asked to. A failure leaves the prompt as it is, with a
 * warning that never holds the key. Rejects only with the signal's reason, when it aborts during either.
 */
export async function helpPrompt(options: HelpOptions): Promise<HelpedPrompt> {
  const { engine, decision, prompt, translate, enhance } = options;
  const languages = decision.limits.prompt?.languages;
  const applied: Applied[] = [];
  const warnings: Warning[] = [];
  const usage: { textIn?: number; textOut?: number }[] = [];
  let sent = prompt;

  async function step(kind: 'translate' | 'enhance', system: string, because: string) {
    try {
      const written = await write(options, system, sent);
      const limit = decision.limits.prompt;
      if (limit?.max !== undefined && limit.unit !== 'tokens' && [...written.text].length > limit.max) {
        throw new Error(`the new text is longer than the ${limit.max} characters the model takes`);
      }
      if (written.usage) usage.push(written.usage);
      if (written.text === sent) return;
      applied.push({ option: 'prompt', asked: sent, sent: written.text, because });
      sent = written.text;
    } catch (error) {
      options.context.signal.throwIfAborted();
      const what = kind === 'translate' ? 'could not be translated' : 'could not be enhanced';
      const message = `the prompt ${what} and is sent as it is: ${error instanceof Error ? error.message : error}`;
      warnings.push({ code: 'prompt', message: redact(message, decision.access.key?.reveal()) });
    }
  }

  const language = translate && prompt && languages?.length ? await languageOf(engine, prompt) : undefined;
  if (language && languages && !languages.includes(language)) {
    const target = languages.includes('en') ? 'en' : languages[0]!;
    await step(
      'translate',
      translator(nameOf(target)),
      `${decision.name} understands ${languages.map(nameOf).join(' and ')}, the prompt is ${nameOf(language)}`,
    );
  }
  if (enhance && prompt) {
    const style = typeof enhance === 'string' ? enhance : undefined;
    const wish = style === undefined ? '' : wishOf(engine.prompts, style);
    await step(
      'enhance',
      enhancer(wish),
      style === undefined ? 'enhance was asked for' : `enhance in the style ${style} was asked for`,
    );
  }
  const total = (word: 'textIn' | 'textOut') => usage.reduce((sum, used) => sum + (used[word] ?? 0), 0);
  return {
    sent,
    applied,
    warnings,
    ...(usage.length && { usage: { textIn: total('textIn'), textOut: total('textOut') } }),
  };
}

/** The language of a text, ISO 639-1, as far as the client's detector can tell. Never rejects. */
export async function languageOf(engine: Engine, text: string): Promise<string | undefined> {
  try {
    const found = await (engine.prompts.detect ?? detectScript)(text);
    if (found === undefined || isLanguage(found)) return found;
    engine.log('language', { problem: 'the detector answered with no code of ISO 639-1' });
  } catch {
    engine.log('language', { problem: 'the detector failed' });
  }
  return undefined;
}

function isLanguage(code: unknown): boolean {
  return typeof code === 'string' && /^[a-z]{2}$/.test(code) && nameOf(code) !== code;
}

/** What a style asks of the text model: what the person wrote under that name, else the name itself. */
function wishOf({ styles }: PromptSettings, style: string): string {
  return (styles && Object.hasOwn(styles, style) && styles[style]) || style;
}

/** Asks the provider's text model, or the cache. Text in quotation marks comes back as it was. */
async function write(
  { engine, provider, context, deadline }: HelpOptions,
  system: string,
  text: string,
): Promise<{ text: string; usage?: Usage }> {
  if (!provider.text) throw new Error(`${provider.label} has no text model`);
  const key = createHash('sha256')
    .update(JSON.stringify([provider.id, system, text]))
    .digest('hex');
  const known = await engine.prompts.cache.get(key);
  if (known !== undefined) return { text: known };
  const { marked, quotes } = maskQuotes(text);
  const { text: model } = provider;
  const { clock, maxRetries } = engine;
  const retry = { clock, maxRetries, signal: context.signal, deadline, spends: false };
  const answer = await withRetries(() => model.write({ system, user: marked }, context), retry);
  const written = restoreQuotes(answer.text.trim(), quotes);
  if (written === undefined) throw new Error('the text model changed words in quotation marks');
  await engine.prompts.cache.set(key, written);
  return { ...answer, text: written };
}

const keep = 'Marks such as [[1]] stand for words that stay as they are: keep each exactly once, where it belongs.';

function translator(language: string): string {
  return `Translate the description of a picture into ${language}. Keep every detail, add nothing. ${keep} Answer with the translation only.`;
}

function enhancer(wish: string): string {
  const style = wish ? ` Style: ${wish}.` : '';
  return (
    'Rewrite the short description of a picture into one rich paragraph of at most 120 words, in the language it is written in: subject, ' +
    `setting, composition, light, colours, materials. Keep what is said, contradict nothing.${style} ${keep} Answer with the description only.`
  );
}

const quoted =
  /"[^"\n]+"|“[^”\n]+”|„[^“”\n]+[“”]|«[^»\n]+»|「[^」\n]+」|『[^』\n]+』|(?<![\p{L}\p{N}])'[^'\n]+'(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])‘[^’\n]+’(?![\p{L}\p{N}])/gu;

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

const names = new Intl.DisplayNames(['en'], { type: 'language' });

/** The English name of a language, else its code. */
function nameOf(language: string): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return language; // no language tag at all
  }
}
