// Named styles: words that are added to a prompt, where the model has no style of that name.

import type { ModelCapabilities } from './capabilities.ts';
import type { Engine } from './engine.ts';
import { ImageError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { ModelEntry } from './registry.ts';
import type { ParsedRequest } from './request.ts';
import type { Applied } from './result.ts';

/** What the name of a style stands for. */
export interface PromptStyle {
  /** Added to the prompt as it is sent. */
  readonly words: string;
  /** What `enhance` asks of the text model; default the words. */
  readonly enhance?: string;
  /** What it is, for `applied`: `"a style of your config"`; default `"a named style"`. */
  readonly label?: string;
  /** A style of that name of the model itself comes first. */
  readonly yields?: true;
}

/** The named styles of a client. What its functions throw ends the request before anything is sent. */
export interface StyleBook {
  find(name: string): PromptStyle | undefined | Promise<PromptStyle | undefined>;
  /** All names, for suggestions. */
  names?(): readonly string[] | Promise<readonly string[]>;
}

/** A book of styles that are given by their words. */
export function styleBook(styles: { readonly [name: string]: string | PromptStyle }): StyleBook {
  return {
    find(name) {
      const found = Object.hasOwn(styles, name) ? styles[name] : undefined;
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
}

/** Looks up what a request names. Throws what the client's styles throw. */
export async function findStyles(
  { prompts: { styles } }: Engine,
  { style, enhance }: { readonly style?: string; readonly enhance?: boolean | string },
): Promise<NamedStyles> {
  const found = style === undefined ? undefined : await styles?.find(style);
  if (typeof enhance !== 'string') return { ...(found && { style: found }) };
  const wished = enhance === style ? found : await styles?.find(enhance);
  return { ...(found && { style: found }), wish: wished?.enhance ?? wished?.words ?? enhance };
}

/** A request as it is for one model. */
export interface StyledRequest {
  /** With the words in its prompt, which counts for its length. */
  readonly request: ParsedRequest;
  /** What follows the prompt when it is sent, after it was translated and enhanced. */
  readonly ending: string;
  readonly applied: readonly Applied[];
}

/**
 * Puts the words of a named style in the place of its name, unless it yields to the model's own. Throws `unsupported`, with the
 * nearest names, for a style that is unknown where the model has none at all; under `adapt` that is left to negotiation.
 */
export async function applyStyle(
  engine: Engine,
  request: ParsedRequest,
  { style }: NamedStyles,
  { entry, id, row }: ModelEntry,
  adapt: boolean,
): Promise<StyledRequest> {
  const { style: name, ...rest } = request;
  if (name === undefined || (style?.yields && hasStyle(row, name))) return { request, ending: '', applied: [] };
  if (!style) {
    if (!adapt && hasNoStyles(row)) throw await unknownStyle(engine, name, `${entry.definition.id}/${id}`);
    return { request, ending: '', applied: [] };
  }
  if (request.prompt.trim() === '') return { request, ending: '', applied: [] };
  const ending = `, ${style.words}`;
  const because = `${name} is ${style.label ?? 'a named style'}: its words were added to the prompt`;
  const applied = [{ option: 'style', asked: name, sent: null, because }];
  return { request: { ...rest, prompt: request.prompt + ending }, ending, applied };
}

/** What a model's table says of styles, whatever the model is asked to do. */
function stylesOf({ style, operations }: ModelCapabilities): readonly string[] {
  const choices = [style, ...Object.values(operations).map((limits) => limits.style)];
  return choices.flatMap((choice) => (choice ? choice.values : []));
}

function hasStyle(row: ModelCapabilities, name: string): boolean {
  return stylesOf(row).some((value) => value.toLowerCase() === name.toLowerCase());
}

/** A row that lets through what it does not know may have some. */
function hasNoStyles(row: ModelCapabilities): boolean {
  return !row.open && stylesOf(row).length === 0;
}

async function unknownStyle({ prompts: { styles } }: Engine, name: string, model: string): Promise<ImageError> {
  const allowed = [...((await styles?.names?.()) ?? [])];
  const near = nearest(name, allowed);
  const message = `there is no style ${JSON.stringify(name)}, and ${model} has none of its own`;
  return new ImageError('unsupported', near.length ? `${message}; nearest: ${near.join(', ')}` : message, {
    details: { option: 'style', asked: name, allowed, nearest: near },
    hint: near.length
      ? `Use style: ${JSON.stringify(near[0])}.`
      : allowed.length
        ? `There are the styles ${allowed.join(', ')}.`
        : 'Leave style out, and put the words into the prompt.',
  });
}
