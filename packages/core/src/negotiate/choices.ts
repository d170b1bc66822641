// Words with a closed list of values: quality, style, background, outputFormat.

import type { Choice } from '../contract/capabilities.ts';
import { nearest as alike } from './nearest.ts';
import { costsNoMore, lacks, nearestText, type Session, standing, useHint } from './session.ts';

type ChoiceWord = 'quality' | 'style' | 'background' | 'outputFormat';

/** What `adapt` may do with a word that the model does not take as asked. */
const adaptations: Readonly<Record<ChoiceWord, 'change' | 'drop' | 'never'>> = {
  quality: 'change',
  outputFormat: 'change',
  style: 'drop',
  background: 'never',
};

/** Names of quality in use, from least to most. */
const ladder: readonly (readonly string[])[] = [
  ['draft', 'low', 'fast', 'turbo', 'speed', 'preview', 'basic', 'sd'],
  ['standard', 'medium', 'auto', 'normal', 'balanced', 'default', 'regular'],
  ['high', 'hd', 'quality', 'fine', 'premium', 'pro'],
  ['ultra', 'max', 'uhd', 'best', 'maximum', 'highest'],
];

/** Decides one word; undefined = left out. */
export function settleChoice(session: Session, word: ChoiceWord): string | undefined {
  const asked = session.request[word];
  if (asked === undefined) return undefined;
  const adaptable = adaptations[word] !== 'never';
  const state = standing(session, word);
  if (state === 'open') return asked;
  if (state === 'none') {
    if (session.adapt && adaptable) drop(session, word, asked, `${session.name} has no ${word}`);
    else lacks(session, word, asked, adaptable);
    return undefined;
  }
  const choice = session.limits[word] as Choice;
  const same = spelled(session, word);
  if (same !== undefined) {
    if (same !== asked) apply(session, word, asked, same, 'the same in the words of the service');
    return send(session, word, same);
  }
  const { known, ranked } = rank(session, word, choice, asked);
  if (session.adapt && adaptations[word] === 'drop') {
    return drop(session, word, asked, `${session.name} takes only ${choice.values.join(', ')}`);
  }
  const fits = ranked.find((value) => word !== 'quality' || costsNoMore(session, { quality: value }));
  if (session.adapt && adaptable && fits !== undefined) {
    apply(session, word, asked, fits, `the ${known ? 'nearest' : 'usual one'} that ${session.name} takes`);
    return send(session, word, fits);
  }
  const near = known ? ranked.slice(0, 3) : alike(asked, choice.values);
  const dear = session.adapt && adaptable ? '; what is near costs more, or its price is unknown' : '';
  const takes = `it takes ${choice.values.join(', ')}`;
  session.problems.push({
    option: word,
    asked,
    allowed: choice.values,
    nearest: near,
    message: `${session.name} does not take ${word} ${JSON.stringify(asked)}; ${takes}${nearestText(near)}${dear}`,
    hint: useHint(session, word, near[0] ?? choice.default ?? choice.values[0] ?? '', adaptable),
  });
  return undefined;
}

/** The word as the table spells it; undefined if the table has no such value. */
export function spelled({ request, limits }: Session, word: ChoiceWord): string | undefined {
  const asked = request[word];
  const choice = limits[word];
  if (asked === undefined || !choice || choice.values.includes(asked)) return asked;
  return choice.values.find((value) => plain(value) === plain(asked));
}

/** The values in the order to try, and whether the one asked for could be compared with them. */
function rank(session: Session, word: ChoiceWord, choice: Choice, asked: string) {
  const usual = choice.default === undefined ? [] : [choice.default];
  const wanted = rungOf(asked);
  if (word === 'quality' && wanted !== undefined) {
    const far = (value: string, index: number) => Math.abs((rungOf(value) ?? rungByPlace(index, choice)) - wanted);
    const ranked = choice.values
      .map((value, index) => ({ value, far: far(value, index), vague: value === 'auto' ? 1 : 0 }))
      .sort((a, b) => a.far - b.far || a.vague - b.vague)
      .map(({ value }) => value);
    return { known: true, ranked };
  }
  // jpeg has no transparency: it is no substitute where that was asked for.
  const opaque = word === 'outputFormat' && session.request.background === 'transparent' ? 'jpeg' : undefined;
  const values = [...new Set([...usual, ...choice.values])].filter((value) => value !== opaque);
  return { known: false, ranked: word === 'quality' && usual.length ? usual : values };
}

function rungOf(quality: string): number | undefined {
  const rung = ladder.findIndex((names) => names.includes(quality.toLowerCase()));
  return rung < 0 ? undefined : rung;
}

/** A name we do not know, by its place in a list that goes from least to most. */
function rungByPlace(index: number, { values }: Choice): number {
  return values.length > 1 ? (index / (values.length - 1)) * (ladder.length - 1) : 1;
}

/** `JPG` and `jpeg` are one format, `HD` and `hd` one quality. */
function plain(value: string): string {
  const lower = value.toLowerCase();
  return lower === 'jpg' ? 'jpeg' : lower;
}

function send(session: Session, word: ChoiceWord, value: string): string {
  if (word === 'quality') session.sent = { ...session.sent, quality: value };
  return value;
}

function drop(session: Session, word: ChoiceWord, asked: string, because: string): undefined {
  session.applied.push({ option: word, asked, sent: null, because });
}

function apply(session: Session, option: string, asked: string, sent: string, because: string): void {
  session.applied.push({ option, asked, sent, because });
}
