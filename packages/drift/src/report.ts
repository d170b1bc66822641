// What a person reads of it.

import type { Drift, Finding } from './drift.ts';
import type { Known, Sorted } from './known.ts';

/** The lines: what is new first, then what is known and why. */
export function reportLines({ failures, versions }: Drift, { unknown, explained, stale }: Sorted): readonly string[] {
  return [
    `Compared with ${versions.join(', ') || 'nothing'}.`,
    ...section(
      'Not read:',
      failures.map(({ line }) => line),
    ),
    ...section('Not known:', grouped(unknown)),
    ...section('Known, and no difference any more (take it out of packages/drift/known.json):', grouped(stale)),
    ...section('Known:', explained.map(knownLine)),
    unknown.length + failures.length === 0
      ? 'Nothing is new.'
      : 'Mend the table with source, date and a test, or explain it in packages/drift/known.json.',
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`), ''] : [];
}

function grouped(findings: readonly Finding[]): readonly string[] {
  const groups = Map.groupBy(findings, ({ sdk, what, lacks }) => `${sdk}, ${what}: ${who(lacks)} lacks`);
  return [...groups].map(([start, group]) => `${start} ${group.map(({ value }) => value).join(', ')}`);
}

function knownLine({ sdk, what, lacks, values, reason, date }: Known): string {
  return `${sdk}, ${what}: ${who(lacks)} lacks ${values.join(', ')} (${date}: ${reason})`;
}

function who(lacks: Finding['lacks']): string {
  return lacks === 'table' ? 'our table' : 'the SDK';
}
