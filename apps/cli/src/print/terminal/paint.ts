import { styleText } from 'node:util';

/** What a piece of text is, for the eye. */
export type Role = 'error' | 'warning' | 'good' | 'title' | 'quiet' | 'name';

/** Colours text, or not. */
export type Paint = (role: Role, text: string) => string;

const styles = {
  error: ['red', 'bold'],
  warning: 'yellow',
  good: 'green',
  title: 'bold',
  quiet: 'dim',
  name: 'cyan',
} as const;

/** Colours for a stream: only a terminal gets any, and none under NO_COLOR (FORCE_COLOR decides otherwise). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (role, text) => styleText([styles[role]].flat(), text, { stream });
}

/** Text as it is. */
export const plain: Paint = (_, text) => text;
