// The index of the history: one row for each picture, ordered by time, and the words of its prompt.

import type { DatabaseSync } from 'node:sqlite';
import { ImageError, type Json, type Money } from '@anyimage/core';
import { inTransaction, isRefusedValue, prepareChange, versionOf } from '../files/sqlite.ts';
import { checkNumber } from '../text/check-number.ts';
import { idRange, pageRange } from '../text/numbers.ts';
import { searchQuery, searchText } from './search-text.ts';
import type { Sidecar } from './sidecar.ts';

/** What the index knows of a picture. */
export interface PictureEntry {
  /** Grows with the time of making. */
  readonly id: number;
  /** Absolute. */
  readonly path: string;
  /** Unix time, ms. */
  readonly createdAt: number;
  /** `provider/model`. */
  readonly model: string;
  readonly prompt: string;
  readonly seed: number | null;
  /** px; 0 = unknown. */
  readonly width: number;
  readonly height: number;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the request that made it; `null` = unknown. */
  readonly cost: readonly Money[] | null;
}

/** Which pictures are meant. All that is given must hold. */
export interface PictureFilter {
  /** Words that the prompt or the model has; default all pictures. */
  readonly search?: string;
  /** A part of the name of the model, in any capitals. */
  readonly model?: string;
  /** Made then or later. Unix time, ms. */
  readonly since?: number;
  /** Made before that. Unix time, ms. */
  readonly until?: number;
  /** What it cost at least, in that currency. */
  readonly minCost?: { readonly amount: number; readonly currency: string };
}

export interface Query extends PictureFilter {
  /** Default 20. */
  readonly limit?: number;
  /** Pictures before that of this id. */
  readonly before?: number;
}

/** Raised when the tables change, or the meaning of what they hold. An empty file has version 0. */
export const indexVersion = 3;
/** The version before, which had other words for its pictures. One of a still earlier version is made anew. */
export const otherWordsVersion = 2;

const columns = 'id, path, createdAt, model, prompt, seed, width, height, mediaType, bytes, sha256, cost';
const insertWordsQuery = 'INSERT INTO words (rowid, text) VALUES (?, ?)';
/** Several pictures may be made in one millisecond. Ids are safe integers until the year 3084. */
const perMillisecond = 256;
/** Unix time, ms. A later one is no time that a picture was made at. */
const latest = Math.floor(Number.MAX_SAFE_INTEGER / perMillisecond) - 1_000_000;

/** A picture that the index cannot hold. */
export interface SkippedPicture {
  readonly path: string;
  readonly reason: string;
}

/** Makes the tables if they are not there. */
export function prepareIndex(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS pictures (
      id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, createdAt INTEGER NOT NULL, model TEXT NOT NULL,
      prompt TEXT NOT NULL, seed INTEGER, width INTEGER NOT NULL, height INTEGER NOT NULL, mediaType TEXT NOT NULL,
      bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, cost TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS bySha256 ON pictures (sha256);
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
      text, content = '', contentless_delete = 1, tokenize = "ascii");
    PRAGMA user_version = ${indexVersion};`);
}

/** Adds pictures, or replaces what is known of their paths, all at once. Returns those that it cannot hold. */
export function addPictures(
  database: DatabaseSync,
  pictures: Iterable<{ readonly path: string; readonly sidecar: Sidecar }>,
): readonly SkippedPicture[] {
  const remove = remover(database);
  const insert = inserter(database);
  const skipped: SkippedPicture[] = [];
  inTransaction(database, () => {
    for (const { path, sidecar } of pictures) {
      remove(path);
      try {
        insert(path, sidecar);
      } catch (error) {
        if (!isRefusedValue(error)) throw error;
        remove(path);
        skipped.push({ path, reason: (error as Error).message });
      }
    }
  });
  return skipped;
}

function inserter(database: DatabaseSync): (path: string, sidecar: Sidecar) => void {
  const freeId = idFinder(database);
  const insert = prepareChange(
    database,
    `INSERT INTO pictures (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertWords = prepareChange(database, insertWordsQuery);
  return (path, sidecar) => {
    const createdAt = timeOf(sidecar);
    const id = freeId(createdAt);
    const { original } = sidecar.prompt;
    const facts = [sidecar.seed ?? null, sidecar.width ?? 0, sidecar.height ?? 0, sidecar.mediaType ?? ''];
    const more = [sidecar.bytes ?? 0, sidecar.sha256 ?? '', JSON.stringify(sidecar.cost ?? null)];
    insert.run(id, path, createdAt, sidecar.model, original, ...facts, ...more);
    insertWords.run(id, wordsOf(sidecar));
  };
}

/** What a picture is found by. */
function wordsOf({ prompt, revisedPrompt = '', model }: Pick<Sidecar, 'prompt' | 'revisedPrompt' | 'model'>): string {
  return searchText([...new Set([prompt.original, prompt.sent, revisedPrompt, model])].join('\n'));
}

/**
 * Gives the pictures of an index of the version before the words of this one, all at once. `sidecars`: by path; a picture that has
 * none any more keeps the words of its row.
 */
export function renewWords(database: DatabaseSync, sidecars: ReadonlyMap<string, Sidecar>): void {
  inTransaction(database, () => {
    // Another process may have done it meanwhile.
    if (versionOf(database) !== otherWordsVersion) return;
    database.exec('DROP TABLE words');
    prepareIndex(database);
    const insertWords = prepareChange(database, insertWordsQuery);
    for (const { id, path, prompt, model } of database.prepare('SELECT id, path, prompt, model FROM pictures').all()) {
      const row = { prompt: { original: String(prompt), sent: String(prompt) }, model: String(model) };
      insertWords.run(Number(id), wordsOf(sidecars.get(String(path)) ?? row));
    }
  });
}

/** Unix time, ms; 0 if it is unknown, or none that a picture was made at. */
function timeOf({ createdAt }: Sidecar): number {
  const time = Date.parse(createdAt ?? '');
  return time >= 0 && time <= latest ? time : 0;
}

/** Finds a free id for a picture of a millisecond, and where that has no room, of the next. */
function idFinder(database: DatabaseSync): (ms: number) => number {
  const last = database.prepare('SELECT max(id) AS id FROM pictures WHERE id >= ? AND id < ?');
  return (ms) => {
    for (let first = ms * perMillisecond + 1; ; first += perMillisecond) {
      const end = first + perMillisecond;
      const { id } = last.get(first, end) as { id: number | null };
      if (id === null || id + 1 < end) return id === null ? first : id + 1;
    }
  };
}

/** Forgets pictures, all at once. */
export function removePictures(database: DatabaseSync, paths: Iterable<string>): void {
  const remove = remover(database);
  inTransaction(database, () => {
    for (const path of paths) remove(path);
  });
}

function remover(database: DatabaseSync): (path: string) => void {
  const find = database.prepare('SELECT id FROM pictures WHERE path = ?');
  const removeRow = prepareChange(database, 'DELETE FROM pictures WHERE id = ?');
  const removeWords = prepareChange(database, 'DELETE FROM words WHERE rowid = ?');
  return (path) => {
    const known = find.get(path) as { id: number } | undefined;
    if (!known) return;
    removeRow.run(known.id);
    removeWords.run(known.id);
  };
}

/** A part of a query that begins after SELECT …, and its values. */
interface Part {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * The pictures of a filter, from FROM on; `undefined` if there can be none. Times are found by ids, which grow with them, so that nothing
 * is sorted. Throws `invalid-request` for a search that is too long, and a `before` that is none.
 */
export function filterPart({ search = '', model, since, until, minCost, before }: Query): Part | undefined {
  checkNumber('before', before, idRange);
  if (search.length > longestSearch) throw tooLong(search);
  const match = searchQuery(search);
  if (match === undefined && search.trim() !== '') return undefined;
  const from = since === undefined ? 0 : firstId(since);
  const to = Math.min(
    before ?? Number.MAX_SAFE_INTEGER,
    until === undefined ? Number.MAX_SAFE_INTEGER : firstId(until),
  );
  const id = match === undefined ? 'pictures.id' : 'words.rowid';
  const parts: readonly (Part | undefined)[] = [
    match === undefined ? undefined : { sql: 'words MATCH ?', values: [match] },
    { sql: `${id} >= ? AND ${id} < ?`, values: [from, to] },
    model === undefined ? undefined : { sql: 'instr(lower(model), ?) > 0', values: [model.toLowerCase()] },
    minCost && { sql: costsAtLeast, values: [minCost.currency, minCost.amount] },
  ];
  const given = parts.filter((part) => part !== undefined);
  const tables = match === undefined ? 'pictures' : 'words CROSS JOIN pictures ON pictures.id = words.rowid';
  return {
    sql: `FROM ${tables} WHERE ${given.map(({ sql }) => sql).join(' AND ')}`,
    values: given.flatMap(({ values }) => values),
  };
}

const costsAtLeast = `EXISTS (SELECT 1 FROM json_each(cost)
  WHERE value ->> '$.currency' = ? AND value ->> '$.amount' >= ?)`;

/** The least id that a picture of this time or a later one has. `ms`: Unix time. */
function firstId(ms: number): number {
  return Math.max(0, Math.min(Math.ceil(ms) * perMillisecond, Number.MAX_SAFE_INTEGER));
}

/** Longest search, characters: the words of a longer one take seconds, and nobody types so much. */
const longestSearch = 2000;

function tooLong(search: string): ImageError {
  const message = `the search has ${search.length} characters; at most ${longestSearch} are searched for`;
  return new ImageError('invalid-request', message, {
    details: { option: 'search', allowed: longestSearch },
    hint: 'Search for a few words of the prompt.',
  });
}

/** The query for a page, newest first. Exported for the test that SQLite need not sort for it. */
export function pageQuery({ sql }: Part): string {
  const id = sql.includes('words MATCH') ? 'words.rowid' : 'pictures.id';
  return `SELECT ${columns} ${sql} ORDER BY ${id} DESC LIMIT ?`;
}

/** A page of pictures, newest first. Throws `invalid-request` for a `limit` that is none, and as `filterPart`. */
export function findPictures(database: DatabaseSync, query: Query): PictureEntry[] {
  const { limit = 20 } = query;
  checkNumber('limit', limit, pageRange);
  const part = filterPart(query);
  if (!part) return [];
  return database
    .prepare(pageQuery(part))
    .all(...part.values, limit)
    .map(toEntry);
}

/** The pictures with these bytes, newest first. `sha256`: hexadecimal, or the beginning of it. */
export function findBytes(database: DatabaseSync, sha256: string): PictureEntry[] {
  const query = `SELECT ${columns} FROM pictures WHERE sha256 >= ? AND sha256 < ? ORDER BY id DESC`;
  // After every digit.
  return database.prepare(query).all(sha256, `${sha256}g`).map(toEntry);
}

export function countPictures(database: DatabaseSync): number {
  return Number(database.prepare('SELECT count(*) AS count FROM pictures').get()!.count);
}

/** The id of each path's row. A row that is written again gets another id, unless its picture was made at the same time. */
export function rowsOf(database: DatabaseSync): ReadonlyMap<string, number> {
  const rows = database.prepare('SELECT path, id FROM pictures').all();
  return new Map(rows.map(({ path, id }) => [String(path), Number(id)]));
}

/** As `rowsOf`, of these paths alone. */
export function rowsOfPaths(database: DatabaseSync, paths: readonly string[]): ReadonlyMap<string, number> {
  const find = database.prepare('SELECT id FROM pictures WHERE path = ?');
  const rows = paths.map((path) => [path, find.get(path)?.id] as const);
  return new Map(rows.flatMap(([path, id]) => (id === undefined ? [] : [[path, Number(id)]])));
}

/** The pictures whose rows nobody wrote since `before`, a result of `rowsOf` or `rowsOfPaths`. */
export function notWrittenSince<T extends { readonly path: string }>(
  database: DatabaseSync,
  before: ReadonlyMap<string, number>,
  pictures: readonly T[],
): readonly T[] {
  const find = database.prepare('SELECT id FROM pictures WHERE path = ?');
  return pictures.filter(({ path }) => find.get(path)?.id === before.get(path));
}

function toEntry(row: Record<string, unknown>): PictureEntry {
  return { ...row, cost: JSON.parse(String(row.cost)) as Json } as unknown as PictureEntry;
}
