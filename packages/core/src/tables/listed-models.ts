// What a service says of its models, taken over: ids, labels, and the rows of a catalogue that are right. What is not taken over is told.

import type { Day, ModelCapabilities } from '../contract/capabilities.ts';
import type { ModelList } from '../contract/client.ts';
import { isRecord, omit } from '../contract/objects.ts';
import type { ListedModel } from '../contract/provider.ts';
import { foreignLine, foreignMessage, longest, quotedWord } from '../foreign/foreign.ts';
import { type Hidden, redact } from '../foreign/redact.ts';
import { checkRow } from './check-table.ts';
import { idProblem } from './plain-data.ts';

/** More would be no list of models. */
export const mostListed = 2000;

/** As many wrong rows are named. */
const mostNamed = 3;

/** What is needed to take a list over. `today`: the day on which it was asked for. */
export interface ListTaking {
  readonly label: string;
  readonly key: Hidden;
  readonly today: Day;
}

/** The models and rows of an answer that can be used, and what of it cannot. */
export function takeModels(
  listed: readonly unknown[],
  { label, key, today }: ListTaking,
): Pick<ModelList, 'models' | 'warnings'> {
  const models = new Map<string, ListedModel>();
  const wrong: string[] = [];
  let unnamed = 0;
  for (const model of listed.slice(0, mostListed)) {
    const id = isRecord(model) ? model.id : undefined;
    if (!isName(id, key) || models.has(id)) {
      unnamed++;
      continue;
    }
    const { label: line, retires, row } = model as ListedModel;
    const problem = row === undefined ? undefined : rowProblem(row, key);
    if (problem !== undefined) wrong.push(`${quotedWord(id, 80)} (${problem})`);
    const shown = typeof line === 'string' ? foreignLine(line, { key, longest: longest.word }) : '';
    models.set(id, {
      id,
      ...(shown && { label: shown }),
      ...(isDay(retires) && { retires }),
      ...(row !== undefined && problem === undefined && { row: dated(row, today) }),
    });
  }
  const said = [
    ...(listed.length > mostListed
      ? [
          `the catalogue of ${label} has ${number(listed.length)} models, more than ${number(mostListed)}: the others are left out`,
        ]
      : []),
    ...(unnamed > 0 ? [`the catalogue of ${label} has ${countOf(unnamed)} that no request can name: left out`] : []),
    ...(wrong.length > 0 ? [wrongRows(label, wrong)] : []),
  ];
  const warnings = said.map((text) => ({ code: 'provider', message: foreignMessage(text, key) }) as const);
  return { models: [...models.values()], warnings };
}

/** What a server says of itself is shown to people and agents: an id is one word, and does not hold the key. */
function isName(id: unknown, key: Hidden): id is string {
  return (
    typeof id === 'string' && idProblem(id) === undefined && foreignLine(id, { key, longest: longest.word }) === id
  );
}

function rowProblem(row: ModelCapabilities, key: Hidden): string | undefined {
  const problem = checkRow(row);
  if (problem) return problem.text;
  const text = JSON.stringify(row);
  return redact(text, key) === text ? undefined : 'the row holds the key';
}

function isDay(day: unknown): boolean {
  return typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day);
}

/** A row of a catalogue is as old as the answer, and where it comes from is said by whoever puts rows together. */
function dated(row: ModelCapabilities, today: Day): ModelCapabilities {
  return { ...omit(row, 'origin'), checked: today };
}

function wrongRows(label: string, wrong: readonly string[]): string {
  const named = wrong.slice(0, mostNamed).join(', ');
  const rest = wrong.length > mostNamed ? ` and ${number(wrong.length - mostNamed)} more` : '';
  return `the catalogue of ${label} says wrongly what ${countOf(wrong.length)} can do, which count as unknown: ${named}${rest}`;
}

function countOf(count: number): string {
  return count === 1 ? '1 model' : `${number(count)} models`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
