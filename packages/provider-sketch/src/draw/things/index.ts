// Every thing that can stand in a scene. Adding one: its words in data/subjects.ts, its outline in data/silhouettes.ts (or, where
// light and chance shape it, a drawing here).

import { type Silhouette, silhouettes } from '../../data/silhouettes.ts';
import { people, type SubjectId } from '../../data/subjects.ts';
import { boat, paperboat, sailboat, whale } from './boats.ts';
import { balloon, bird, cat } from './creatures.ts';
import { house, tent, windmill } from './houses.ts';
import { fromSilhouette } from './silhouette.ts';
import type { Thing } from './thing.ts';
import { castle, lighthouse } from './towers.ts';
import { blossom, cactus, palm, pine, tree } from './trees.ts';

/** Subject id -> thing; subjects that are no things (sea, moon, forest) are drawn by sky, ridges, water and land. */
export const things: { readonly [id in SubjectId]?: Thing } = {
  sailboat,
  paperboat,
  boat,
  whale,
  house,
  lighthouse,
  windmill,
  castle,
  tent,
  tree,
  blossom,
  pine,
  palm,
  cactus,
  cat,
  bird,
  balloon,
  ...Object.fromEntries(
    Object.entries(silhouettes).map(([id, silhouette]) => [id, fromSilhouette(silhouette as Silhouette)]),
  ),
};

/** Whether a subject can be drawn on its own, without a sky or a ground. */
export function isDrawn({ id }: { readonly id: SubjectId }): boolean {
  return id in things || people.has(id);
}

/** Whether a subject is a person, who is drawn in front of everything else. */
export function isPerson({ id }: { readonly id: SubjectId }): boolean {
  return people.has(id);
}
