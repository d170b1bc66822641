// What is kept of all providers' models, while a program works with it: each file is read once, when a table is first looked at.

import { messageOf } from '@anyimage/core';
import type { DatedModelList, ModelLists } from '../services/model-facts.ts';
import { listening, type OnNotice } from '../text/notice.ts';
import { type Kept, keptPath, readKept } from './kept.ts';

/** What is kept; `get` gives the list of a provider. */
export interface KeptTables extends ModelLists {
  /** What is kept of a provider: the same object until something else holds. Nothing of a file that cannot be used. */
  of(provider: string): Kept;
  /** A list that came just now counts from now on, whether it can be kept or not. */
  take(provider: string, list: DatedModelList): void;
  /** When a service last did not answer as it should, Unix time in ms, by the id of the provider. */
  readonly failures: Map<string, number>;
}

/** Reads nothing yet. `onNotice` is called once for each file that cannot be used. */
export function openTables(home: string, onNotice?: OnNotice): KeptTables {
  const notify = listening(onNotice);
  const known = new Map<string, Kept>();

  function read(provider: string): Kept {
    try {
      return readKept(home, provider);
    } catch (error) {
      notify({ kind: 'models-unread', path: keptPath(home, provider), reason: messageOf(error) });
      return {};
    }
  }

  function of(provider: string): Kept {
    const kept = known.get(provider) ?? read(provider);
    known.set(provider, kept);
    return kept;
  }

  return {
    of,
    failures: new Map(),
    get: (provider) => of(provider).listed,
    take: (provider, listed) => void known.set(provider, { ...of(provider), listed }),
  };
}
