// anyimage jobs cancel t-7f3a9c

import { listenForInterrupt } from '../interrupt.ts';
import { openClient } from '../open-client.ts';
import { note } from '../print/output.ts';
import { readSettings } from '../settings.ts';

/**
 * Ends jobs at their service and returns the exit code: 1 if one goes on. Throws `not-found`, `unsupported` (the service cannot
 * do that), `auth` …
 */
export async function cancelJobs(ids: readonly string[]): Promise<number> {
  const client = openClient(await readSettings());
  const interrupt = listenForInterrupt();
  let code = 0;
  try {
    for (const id of new Set(ids)) {
      const outcome = await client.cancel(id, { signal: interrupt.signal });
      if (outcome === 'cancelled') note(`cancelled ${id}`);
      else {
        note(`${id} is too far to be cancelled; fetch it with anyimage jobs resume ${id}`);
        code = 1;
      }
    }
    return interrupt.exitCode ?? code;
  } finally {
    await client.close();
    interrupt.stop();
  }
}
