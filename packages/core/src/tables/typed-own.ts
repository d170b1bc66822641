// What rows of one's own make of the type of a table: their ids, and words as narrow as those of the rows they are like. Types only.

import type { ModelCapabilities, ModelTable, OwnModel } from '../contract/capabilities.ts';
import type { NotTaken } from './own-models.ts';

/** The table with rows of one's own; `ModelTable` where they are not known by their type. A `ReturnType` of a factory knows of none: any key. */
export type TableWith<Table, Own> = [keyof Own] extends [never]
  ? Table
  : symbol extends keyof Own
    ? Table
    : string extends keyof Own
      ? ModelTable
      : {
          readonly [Id in keyof Table | keyof Own]: Id extends keyof Own
            ? OwnRow<Table, Own, Id>
            : Table[Id & keyof Table];
        };

/** What rows of one's own must be besides: like a row that there is, and without words that no row has, which inferred types let pass. */
export type FittingOwn<Table, Own> = {
  readonly [Id in keyof Own]: OwnModel &
    FittingLike<Own[Id], keyof Table | Exclude<keyof Own, Id>> & {
      readonly [Word in Exclude<keyof Own[Id], 'like' | keyof ModelCapabilities>]: never;
    };
};
type FittingLike<Row, Ids> = Row extends { readonly like: infer Like extends string }
  ? string extends Like
    ? unknown
    : { readonly like: Ids }
  : unknown;

/** Without rows of one's own. */
export type NoOwn = Record<never, never>;

/** A row may be like another one of one's own. One that is like itself changes that of the table, and is the same model. */
type OwnRow<Table, Own, Id extends keyof Own> = Own[Id] extends { readonly like: infer Like extends string }
  ? Like extends Exclude<keyof Own, Id>
    ? ChangedRow<Omit<OwnRow<Table, Own, Like>, NotTaken>, Omit<Own[Id], 'like'>>
    : Like extends keyof Table
      ? ChangedRow<Like extends Id ? Table[Like] : Omit<Table[Like], NotTaken>, Omit<Own[Id], 'like'>>
      : never
  : Own[Id];

type ChangedRow<Row, Change> = Patched<Omit<Row, 'operations'>, Omit<Change, 'operations'>> & {
  readonly operations: Patched<
    { readonly [Name in keyof OperationsOf<Row>]: PatchedWhereSaid<OperationsOf<Row>[Name], Change> },
    OperationsOf<Change>
  >;
};

type OperationsOf<Row> = Row extends { readonly operations: infer Operations } ? Operations : NoOwn;

/** A word for the row also holds where an operation says it itself, unless that has no such word at all. */
type PatchedWhereSaid<Said, Change> = {
  readonly [Word in keyof Said as Word extends TakenBy<Change> ? never : Word]: Word extends keyof Change
    ? [Said[Word], Change[Word]] extends [false, Words]
      ? false
      : Patched<Said[Word], Change[Word]>
    : Said[Word];
};

/** As {@link Patch} says. */
type Patched<Old, Change> = Change extends readonly unknown[]
  ? Change
  : Change extends object
    ? {
        readonly [Word in Exclude<keyof Members<Old> | keyof Change, TakenBy<Change>>]: Word extends keyof Change
          ? Patched<Word extends keyof Members<Old> ? Members<Old>[Word] : unknown, Change[Word]>
          : Members<Old>[Word & keyof Members<Old>];
      }
    : Change;
type Members<Old> = Old extends readonly unknown[] ? unknown : Old extends object ? Old : unknown;
type TakenBy<Change> = { [Word in keyof Change]: Change[Word] extends null ? Word : never }[keyof Change];
type Words = { readonly [word: string]: unknown };
