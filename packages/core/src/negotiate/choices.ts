// Options with a closed list of values: quality, style, background, outputFormat.

import { type Choice, sameName } from '../contract/capabilities.ts';
import { isOpaque } from './backgrounds.ts';
import { nearest, nearestText } from './nearest.ts';
import { costsNoMore, type Pricing } from './pricing.ts';
import { lacks, type Session, standing, useHint } from './session.ts';

type ChoiceOption = 'quality' | 'style' | 'background' | 'outputFormat';

type Adaptation = 'change' | 'drop' | 'never';

/** What `adapt` may do with an option that the model does not take as asked. */
const adaptations: Readonly<Record<ChoiceOption, Adaptation>> = {
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

/** Decides the quality; undefined = left out. `pricing`: with the shape that is decided. */
export function negotiateQuality(session: Session, pricing: Pricing): string | undefined {
  return negotiateChoice(session, 'quality', (quality) => costsNoMore(session, pricing, { quality }));
}

/** Decides one option; undefined = left out. `isAllowed`: whether `adapt` may move to a value; default: to any. */
export function negotiateChoice(
  session: Session,
  option: ChoiceOption,
  isAllowed: (value: string) => boolean = () => true,
): string | undefined {
  const asked = session.request[option];
  const choice = session.limits[option];
  if (asked === undefined) return undefined;
  if (!choice) {
    if (standing(session, option) === 'open') return asked;
    if (!asksForNothing(asked)) lacks(session, option, asked, adaptationOf(option, asked) !== 'never');
    return undefined;
  }
  const same = spelled(session, option);
  if (same === undefined && asksForNothing(asked)) return undefined;
  if (same === undefined) return adaptChoice(session, { option, asked, choice }, isAllowed);
  const because = 'the same in the words of the service';
  if (same !== asked) session.applied.push({ option, asked, sent: same, because });
  return same;
}

/** The quality that is asked for, as far as it says anything. */
export function askedQuality(session: Session): string | undefined {
  const { quality } = session.request;
  const said = quality !== undefined && asksForNothing(quality) ? undefined : quality;
  return spelled(session, 'quality') ?? said;
}

/** Orders qualities of a choice by how near they are to the usual one. Left out is usual. */
export function byUsualQuality(choice: Choice | undefined): (a: string | undefined, b: string | undefined) => number {
  const far = (quality: string | undefined) => {
    if (!choice || quality === undefined || quality === choice.default) return 0;
    return Math.abs((rungOf(quality) ?? rungByPlace(choice.values.indexOf(quality), choice)) - 1);
  };
  return (a, b) => far(a) - far(b);
}

/** `auto` leaves the choice to the service, as a word that is not there does. */
export function asksForNothing(asked: string): boolean {
  return asked.toLowerCase() === 'auto';
}

/** A background without transparency is what pictures have anyway, and its colour a wish. */
function adaptationOf(option: ChoiceOption, asked: string): Adaptation {
  return option === 'background' && isOpaque(asked) ? 'drop' : adaptations[option];
}

/** The value as the table spells it; undefined if the table has no such value. */
export function spelled({ request, limits }: Session, option: ChoiceOption): string | undefined {
  const asked = request[option];
  const choice = limits[option];
  return asked === undefined || !choice ? asked : findValue(choice, asked);
}

/** One format by two names. */
const alike: Readonly<Record<string, string>> = Object.assign(Object.create(null), { jpg: 'jpeg', jpeg: 'jpg' });

/** The value of a choice that is meant, however it is spelled; `undefined` if there is none. */
export function findValue({ values }: Choice, asked: string): string | undefined {
  const otherwise = alike[asked.toLowerCase()];
  return sameName(asked, values) ?? (otherwise && sameName(otherwise, values));
}

/** An option with a value that the model does not have. */
interface UnknownValue {
  readonly option: ChoiceOption;
  readonly asked: string;
  readonly choice: Choice;
}

function adaptChoice(
  session: Session,
  unknown: UnknownValue,
  isAllowed: (value: string) => boolean,
): string | undefined {
  const { name, adapt, applied } = session;
  const { option, asked, choice } = unknown;
  const adaptation = adapt ? adaptationOf(option, asked) : 'never';
  if (adaptation === 'drop') {
    const sent = option === 'background' ? findValue(choice, 'opaque') : undefined;
    applied.push({ option, asked, sent: sent ?? null, because: `${name} takes only ${choice.values.join(', ')}` });
    return sent;
  }
  const { isKnown, ranked } = rank(session, unknown);
  const fits = adaptation === 'change' ? ranked.find(isAllowed) : undefined;
  if (fits !== undefined) {
    applied.push({ option, asked, sent: fits, because: `the ${isKnown ? 'nearest' : 'usual one'} that ${name} takes` });
    return fits;
  }
  refuseChoice(session, unknown, isKnown ? ranked.slice(0, 3) : nearest(asked, choice.values));
  return undefined;
}

function refuseChoice(session: Session, { option, asked, choice }: UnknownValue, near: readonly string[]): void {
  const { name, adapt, problems } = session;
  const { values } = choice;
  const adaptable = adaptationOf(option, asked) !== 'never';
  const dear = adapt && adaptable ? '; what is near costs more, or its price is unknown' : '';
  const takes = `it takes ${values.join(', ')}${nearestText(near)}`;
  problems.push({
    option,
    asked,
    allowed: values,
    nearest: near,
    message: `${name} does not take ${option} ${JSON.stringify(asked)}; ${takes}${dear}`,
    hint: useHint(session, option, near[0] ?? choice.default ?? values[0] ?? '', adaptable),
  });
}

/** The values in the order to try. */
interface Ranking {
  /** They could be compared with what was asked. */
  readonly isKnown: boolean;
  readonly ranked: readonly string[];
}

function rank({ request }: Session, { option, asked, choice }: UnknownValue): Ranking {
  const { values, default: byDefault } = choice;
  const rung = option === 'quality' ? rungOf(asked) : undefined;
  if (rung !== undefined) return { isKnown: true, ranked: byRung(choice, rung) };
  if (option === 'quality' && byDefault !== undefined) return { isKnown: false, ranked: [byDefault] };
  const defaultFirst = byDefault === undefined ? values : [...new Set([byDefault, ...values])];
  // jpeg has no transparency: it is no substitute where that was asked for.
  const transparent = option === 'outputFormat' && request.background === 'transparent';
  return { isKnown: false, ranked: transparent ? defaultFirst.filter((value) => value !== 'jpeg') : defaultFirst };
}

/** The qualities by how far they are from a rung of the ladder; of two as far, `auto` is last. */
function byRung(choice: Choice, wanted: number): readonly string[] {
  const ranked = choice.values.map((value, index) => ({
    value,
    far: Math.abs((rungOf(value) ?? rungByPlace(index, choice)) - wanted),
    vague: Number(value === 'auto'),
  }));
  ranked.sort((a, b) => a.far - b.far || a.vague - b.vague);
  return ranked.map(({ value }) => value);
}

function rungOf(quality: string): number | undefined {
  const rung = ladder.findIndex((names) => names.includes(quality.toLowerCase()));
  return rung < 0 ? undefined : rung;
}

/** The rung of a name that is not on the ladder, by its place in a list that goes from least to most. */
function rungByPlace(index: number, { values }: Choice): number {
  return values.length > 1 ? (index / (values.length - 1)) * (ladder.length - 1) : 1;
}
