// The models that a person has said yes to, having been told what they cost.

import { join } from 'node:path';
import { isRecord } from '@anyimage/core';
import { withLock } from '../files/lock-file.ts';
import { readText } from '../files/read-file.ts';
import { storageError } from '../files/storage-error.ts';
import { rewriteFile } from '../files/write-file.ts';
import { parseRecord } from '../text/json.ts';

const listPath = (home: string) => join(home, 'agreed.json');

/** By the name of a model, the price that was told. Where the list cannot be read, nothing is agreed. */
export async function agreedModels(home: string): Promise<Readonly<Record<string, unknown>>> {
  const { models } = parseRecord(await readText(listPath(home)).catch(() => ''));
  return isRecord(models) ? models : {};
}

/** Notes models with the prices that were told. Waits while another process changes the list. Throws `storage`. */
export async function agreeToModels(home: string, prices: Readonly<Record<string, string>>): Promise<void> {
  const path = listPath(home);
  try {
    await withLock(path, async () => {
      const models = { ...(await agreedModels(home)), ...prices };
      await rewriteFile(path, `${JSON.stringify({ anyimage: 1, models }, null, 2)}\n`, 0o600);
    });
  } catch (error) {
    throw storageError(error, `write ${path}`, path);
  }
}
