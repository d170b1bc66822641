import type { ModelTable } from '../contract/capabilities.ts';
import type { ModelList } from '../contract/client.ts';

/** The rows of a list of models that say what they can do, as a table. */
export function tableOf({ models }: Pick<ModelList, 'models'>): ModelTable {
  return Object.fromEntries(models.flatMap(({ id, row }) => (row ? [[id, { ...row, origin: 'catalogue' }]] : [])));
}
