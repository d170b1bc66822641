// The prompt in a language the model knows and, if asked for, in richer words. Both by a text model; a failure, or an answer that
// changes nothing, keeps the prompt as it is and warns, for a picture of the original words is better than none.

import { hiddenIn } from '../access/access.ts';
import type { Limits } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { ImageError, messageOf } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import type { PromptCache } from '../contract/prompts.ts';
import { foreignMessage } from '../foreign/foreign.ts';
import type { Decision } from '../models/decide.ts';
import { orAbort } from '../timing/or-abort.ts';
import { detectScript } from './language.ts';
import { withWords } from './styles.ts';
import type { TextModel } from './text-model.ts';

/** So much a client remembers, characters of what it was asked and told; what was used last stays. */
const longestMemory = 2 ** 20;

/** In memory, for as long as the client lives. */
export function memoryPromptCache(): PromptCache {
  const texts = new Map<string, string>();
  let length = 0;
  const forget = (key: string) => {
    const text = texts.get(key);
    if (text !== undefined) length -= key.length + text.length;
    texts.delete(key);
    return text;
  };
  const remember = (key: string, text: string) => {
    texts.set(key, text);
    length += key.length + text.length;
  };
  return {
    async get(key) {
      const text = forget(key);
      if (text !== undefined) remember(key, text);
      return text;
    },
    async set(key, text) {
      forget(key);
      remember(key, text);
      for (const oldest of texts.keys()) {
        if (length <= longestMemory) break;
        forget(oldest);
      }
    },
  };
}

export interface HelpedPrompt {
  readonly sent: string;
  readonly applied: readonly Applied[];
  readonly warnings: readonly Warning[];
}

export interface HelpOptions {
  readonly engine: Pick<Engine, 'prompts' | 'log'>;
  readonly decision: Decision;
  readonly textModel: TextModel;
  readonly signal: AbortSignal;
  readonly prompt: string;
  /** Words of a style that are added behind it in the end. */
  readonly ending: string | undefined;
  readonly translate: boolean;
  /** `true`, or the name of a style. */
  readonly enhance: boolean | string;
  /** What that style asks of the text model. */
  readonly wish?: string;
}

/** One question to the text model, and the words for what comes of it. */
interface Step {
  readonly system: string;
  readonly because: string;
  readonly failed: string;
  readonly unchanged: string;
}

/** Whether there may be anything to do: words to add, a rewriting that was asked for, or a language to find out. */
export function needsHelp({ decision, prompt, ending, translate, enhance }: Omit<HelpOptions, 'textModel'>): boolean {
  if (ending !== undefined || enhance) return true;
  return translate && prompt !== '' && !!decision.limits.prompt?.languages?.length;
}

/**
 * Translates a prompt that the model does not understand, and enriches it if asked to. A failure, or an answer that changes
 * nothing, leaves the prompt as it is, with a warning that never holds the key. Rejects only with the signal's reason, when it
 * aborts during either.
 */
export async function helpPrompt(options: HelpOptions): Promise<HelpedPrompt> {
  const { engine, decision, textModel, prompt, ending, translate, enhance, wish = '' } = options;
  const languages = decision.limits.prompt?.languages;
  const applied: Applied[] = [];
  const warnings: Warning[] = [];
  let sent = prompt;

  async function step({ system, because, failed, unchanged }: Step) {
    try {
      const written = await textModel.write(system, sent);
      if (written === undefined) {
        warnings.push({ code: 'prompt', message: `the text model left the prompt as it was: ${unchanged}` });
        return;
      }
      const limit = decision.limits.prompt;
      if (limit?.max !== undefined && limit.unit !== 'tokens' && [...withWords(written, ending)].length > limit.max) {
        throw new Error(`the new text is longer than the ${limit.max} characters the model takes`);
      }
      applied.push({ option: 'prompt', asked: sent, sent: written, because });
      sent = written;
    } catch (error) {
      options.signal.throwIfAborted();
      const hint = ImageError.isInstance(error) && error.hint ? `; ${error.hint}` : '';
      const message = `the prompt ${failed} and is sent as it is: ${messageOf(error)}${hint}`;
      warnings.push({ code: 'prompt', message: foreignMessage(message, hiddenIn(decision.access)) });
    }
  }

  const asksLanguage = translate && prompt && languages?.length;
  const language = asksLanguage ? await orAbort(languageOf(engine, prompt), options.signal) : undefined;
  if (language && languages && !languages.includes(language)) {
    const target = languages.includes('en') ? 'en' : languages[0]!;
    await step({
      system: translator(nameOf(target)),
      because: `${decision.name} understands ${languages.map(nameOf).join(' and ')}, the prompt is ${nameOf(language)}`,
      failed: 'could not be translated',
      unchanged:
        `it is sent in ${nameOf(language)}, which ${decision.name} may not understand; ` +
        `write it in ${nameOf(target)} yourself, or name another text model`,
    });
  }
  if (enhance && prompt) {
    const style = typeof enhance === 'string' ? enhance : undefined;
    await step({
      system: enhancer(decision, wish),
      because: style === undefined ? 'enhance was asked for' : `enhance in the style ${style} was asked for`,
      failed: 'could not be enhanced',
      unchanged: 'it is sent without being enhanced',
    });
  }
  return { sent: ending === undefined ? sent : withWords(sent, ending), applied, warnings };
}

/** The language of a text, ISO 639-1, as far as the client's detector can tell. Never rejects. */
export async function languageOf(engine: Pick<Engine, 'prompts' | 'log'>, text: string): Promise<string | undefined> {
  try {
    const found = await (engine.prompts.detect ?? detectScript)(text);
    if (found === undefined || isLanguage(found)) return found;
    engine.log?.('language', { problem: 'the detector answered with no code of ISO 639-1' });
  } catch {
    engine.log?.('language', { problem: 'the detector failed' });
  }
  return undefined;
}

function isLanguage(code: unknown): boolean {
  return typeof code === 'string' && /^[a-z]{2}$/.test(code) && nameOf(code) !== code;
}

const keep = 'Marks such as [[1]] stand for words that stay as they are: keep each exactly once, where it belongs.';

function translator(language: string): string {
  return `Translate the description of a picture into ${language}. Keep every detail, add nothing. ${keep} Answer with the translation only.`;
}

/** How a rich description is written, by the table's word. */
const wordings = {
  prose:
    'one flowing paragraph of at most 120 words: the subject first, then setting, composition, light, colours, materials and mood',
  brief:
    'two or three plain sentences, at most 50 words: the subject and what it does, the setting, the style and light',
  structured:
    'short sentences in this order, at most 120 words: what kind of picture it is and for what, the subject, composition and ' +
    'viewpoint, light and colours, style and materials, and last what must be as said',
  tags:
    'at most 40 English keywords and short phrases between commas, the most important first: subject, details, setting, ' +
    'medium and style, light, colours',
} as const satisfies Record<NonNullable<Limits['wording']>, string>;

/** What the text model is told. A change of a picture stays a change: what is not spoken of is not described anew. */
function enhancer({ limits, calls }: Decision, wish: string): string {
  const { wording = 'prose', prompt } = limits;
  const changes = calls.some(({ images }) => images.length > 0);
  const max = prompt?.max !== undefined && prompt.unit !== 'tokens' && prompt.max < 2000 ? prompt.max : undefined;
  const rules = [
    changes
      ? 'The text says how a given picture is to be changed. Rewrite it as a clear instruction for an image editor, at most 80 words: ' +
        'what changes, how the change looks, and that all else stays as it is. Do not describe the rest of the picture.'
      : `Rewrite the short description of a picture as ${wordings[wording]}.`,
    ...(changes || wording !== 'tags' ? ['Use the language it is written in.'] : []),
    'Keep what is said, contradict nothing.',
    ...(max ? [`Use at most ${max} characters.`] : []),
    ...(wish ? [`Style: ${wish.replace(/\.$/, '')}.`] : []),
    keep,
    'Answer with the new text only.',
  ];
  return rules.join(' ');
}

/** Made when it is needed: loading them takes longer than all else of a start. */
let names: Intl.DisplayNames | undefined;

/** The English name of a language, else its code. */
function nameOf(language: string): string {
  names ??= new Intl.DisplayNames(['en'], { type: 'language' });
  try {
    return names.of(language) ?? language;
  } catch {
    return language; // no language tag at all
  }
}
