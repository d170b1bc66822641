// What services answered when they were asked for their models, on disk.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedModel, ModelList } from '@anyimage/core';
import { readText } from '../files/read-file.ts';
import { writeFileAtomically } from '../files/write-file.ts';

/** A list, and when it was asked for, Unix time in ms. */
export interface DatedModelList extends Pick<ModelList, 'baseURL' | 'models'> {
  readonly at: number;
}

/** The id of a provider -> its list. */
export type ModelLists = ReadonlyMap<string, DatedModelList>;

/** The lists that were kept. One that cannot be read is no list. */
export async function readModelLists(home: string): Promise<ModelLists> {
  const names = await readdir(folderOf(home)).catch(() => []);
  const lists = new Map<string, DatedModelList>();
  // One after the other: there may be few files that can be open at a time.
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const list = await read(home, name);
    if (list) lists.set(name.slice(0, -'.json'.length), list);
  }
  return lists;
}

/** Keeps the list of a provider, in place of an older one. Throws the system's error. */
export async function keepModelList(home: string, provider: string, list: DatedModelList): Promise<void> {
  await writeFileAtomically(join(folderOf(home), `${provider}.json`), `${JSON.stringify(list)}\n`);
}

function folderOf(home: string): string {
  return join(home, 'models');
}

async function read(home: string, name: string): Promise<DatedModelList | undefined> {
  try {
    const { baseURL, at, models } = JSON.parse(await readText(join(folderOf(home), name)));
    if (typeof baseURL !== 'string' || typeof at !== 'number') return undefined;
    return { baseURL, at, models: models.flatMap(listed) };
  } catch {
    return undefined;
  }
}

function listed({ id, label, retires }: { readonly [key: string]: unknown }): ListedModel[] {
  if (typeof id !== 'string') return [];
  const isDay = typeof retires === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(retires);
  return [
    {
      id,
      ...(typeof label === 'string' && { label }),
      ...(isDay && { retires: retires as NonNullable<ListedModel['retires']> }),
    },
  ];
}
