// Named styles: words that are added to a prompt, where the model has no style of that name.

import { limitsOf, type ModelCapabilities, sameName } from '../contract/capabilities.ts';
import type { Engine, ModelEntry } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Applied, Warning } from '../contract/notices.ts';
import type { PromptStyle, StyleBook } from '../contract/prompts.ts';
import type { ParsedRequest } from '../contract/request.ts';
import { nearest, nearestText } from '../negotiate/nearest.ts';
import { operationOf } from '../negotiate/negotiate.ts';

/** A book of styles that are given by their words. */
export function styleBook(styles: { readonly [name: string]: string | PromptStyle }): StyleBook {
  return {
    find(name) {
      const called = sameName(name, Object.keys(styles));
      const found = called === undefined ? undefined : styles[called];
      return typeof found === 'string' ? { words: found } : found;
    },
    names: () => Object.keys(styles),
  };
}

/** The styles that a request names, looked up once. */
export interface NamedStyles {
  readonly style?: PromptStyle;
  /** What `enhance` asks of the text model. */
  readonly wish?: string;
  /** That its name may be a slip of the pen. */
  readonly warning?: Warning;
}

/** Whether there is anything to look up. */
export function namesStyle({
  style,
  enhance,
}: {
  readonly style?: string;
  readonly enhance?: boolean | string;
}): boolean {
  return style !== undefined || typeof enhance === 'string';
}

/** Looks up what a request names. Throws what the client's styles throw. */
export async function findStyles(
  { prompts: { styles } }: Pick<Engine, 'prompts'>,
  { style, enhance }: { readonly style?: string; readonly enhance?: boolean | string },
): Promise<NamedStyles> {
  const found = style === undefined ? undefined : await styles?.find(style);
  if (typeof enhance !== 'string') return { ...(found && { style: found }) };
  const wished = enhance === style ? found : await styles?.find(enhance);
  const near = wished ? [] : nearest(enhance, [...((await styles?.names?.()) ?? [])]);
  const message = `enhance: there is no style ${JSON.stringify(enhance)}, so it was taken for words${nearestText(near)}`;
  return {
    ...(found && { style: found }),
    wish: wished?.enhance ?? wished?.words ?? enhance,
    ...(near.length && { warning: { code: 'prompt', message } as const }),
  };
}

/** A request as it is for one model. */
export interface StyledRequest {
  /** With the words in its prompt, which counts for its length. */
  readonly request: ParsedRequest;
  /** What is added to the prompt when it is sent, after it was translated and enhanced. */
  readonly ending?: string;
  readonly applied: readonly Applied[];
}

/**
 * Puts the words of a named style in the place of its name, unless it yields to the model's own. A style that neither the client nor
 * the model has is refused with the nearest of both; under `adapt` it is left out, which is said. Throws `unsupported`.
 */
export async function applyStyle(
  engine: Pick<Engine, 'prompts'>,
  request: ParsedRequest,
  { style }: NamedStyles,
  { entry, id, row }: ModelEntry,
  adapt: boolean,
): Promise<StyledRequest> {
  const { style: name, ...rest } = request;
  if (name === undefined) return { request, applied: [] };
  if ((!style && row.open) || (hasStyle(row, name) && (!style || style.yields))) return withOwnStyle(request, row);
  if (!style) {
    const error = await unknownStyle(engine, name, `${entry.definition.id}/${id}`, stylesOf(row));
    if (!adapt) throw error;
    return { request: rest, applied: [{ option: 'style', asked: name, sent: null, because: error.message }] };
  }
  const { label = 'a named style' } = style;
  const ending = endingOf(request, style);
  if (ending === undefined) return { request, applied: [] };
  const because = `${name} is ${label}: its words were added to the prompt`;
  const applied = [{ option: 'style', asked: name, sent: 'words in the prompt', because }];
  return { request: { ...rest, prompt: withWords(request.prompt, ending) }, ending, applied };
}

/** A style of the model's own is a word beside the prompt. Where there is none, and the model needs one, it says what is to be done. */
function withOwnStyle(request: ParsedRequest, row: ModelCapabilities): StyledRequest {
  const isTold = request.prompt !== '' || request.images.length === 0;
  if (isTold || limitsOf(row, operationOf(request))?.prompt?.optional) return { request, applied: [] };
  const prompt = `Redraw the picture in the style ${request.style}.`;
  return { request: { ...request, prompt }, ending: prompt, applied: [] };
}

/** What is added to the prompt. A picture and a style alone ask for the picture in that style; a style alone asks for nothing. */
function endingOf({ prompt, images }: ParsedRequest, { words }: PromptStyle): string | undefined {
  if (prompt !== '') return words;
  return images.length > 0 ? `Redraw the picture in this style: ${words}` : undefined;
}

/** A prompt with words behind it: after a sentence a new one, else a part of it. */
export function withWords(prompt: string, words: string | undefined): string {
  if (words === undefined) return prompt;
  if (prompt === '') return words;
  const text = prompt.replace(/[\s,，]+$/, '');
  return /[.!?…。！？]["”»」』)]*$/.test(text) ? `${text} ${words}` : `${text}, ${words}`;
}

/**
 * The request by which a model is chosen automatically: a named style is words that any model takes. Throws `unsupported` for a style
 * that neither the client nor any model at hand has.
 */
export async function forChoice(
  engine: Pick<Engine, 'prompts' | 'registry' | 'env'>,
  request: ParsedRequest,
  { style }: NamedStyles,
): Promise<ParsedRequest> {
  const { style: name, ...rest } = request;
  if (name === undefined) return request;
  if (style) return { ...rest, prompt: withWords(request.prompt, endingOf(request, style)) };
  const rows = engine.registry.configured(engine.env).flatMap(({ definition }) => Object.values(definition.models));
  if (rows.some((row) => row.open || hasStyle(row, name))) return request;
  throw await unknownStyle(engine, name, 'no model at hand', rows.flatMap(stylesOf));
}

/** What a model's table says of styles, whatever the model is asked to do. */
function stylesOf({ style, operations }: ModelCapabilities): readonly string[] {
  const choices = [style, ...Object.values(operations).map((limits) => limits.style)];
  return choices.flatMap((choice) => (choice ? choice.values : []));
}

function hasStyle(row: ModelCapabilities, name: string): boolean {
  return sameName(name, stylesOf(row)) !== undefined;
}

/** `who`: the model that does not have it either; `own`: the styles it has. */
async function unknownStyle(
  { prompts: { styles } }: Pick<Engine, 'prompts'>,
  name: string,
  who: string,
  own: readonly string[],
): Promise<ImageError> {
  const allowed = [...new Set([...own, ...((await styles?.names?.()) ?? [])])];
  const near = nearest(name, allowed);
  const has = who.startsWith('no ') ? 'has one' : 'has none';
  const message = `there is no style ${JSON.stringify(name)}, and ${who} ${has} of that name`;
  return new ImageError('unsupported', `${message}${nearestText(near)}`, {
    details: { option: 'style', asked: name, allowed, nearest: near },
    hint: near.length
      ? `Use style: ${JSON.stringify(near[0])}.`
      : allowed.length
        ? `There are the styles ${allowed.join(', ')}.`
        : 'Leave style out, and put the words into the prompt.',
  });
}
