import type { Applied } from '@anyimage/core';
import type { Config } from './config-schema.ts';

/** A prompt with a person's own style in it. */
export interface Styled {
  readonly prompt: string;
  /** Present if `name` is an own style: it is then no style of the model's. */
  readonly applied?: Applied;
}

/** Adds the words of the style `name` of the config to a prompt; a name that is not in the config is the model's affair. */
export function withStyle(prompt: string, name: string | undefined, styles: Config['styles'] = {}): Styled {
  const words = name !== undefined && Object.hasOwn(styles, name) ? styles[name] : undefined;
  if (words === undefined || prompt.trim() === '') return { prompt };
  const because = `${name} is a style of your config: its words were added to the prompt`;
  return { prompt: `${prompt}, ${words}`, applied: { option: 'style', asked: name!, sent: null, because } };
}
