// anyimage-gateway worker: until a signal ends it.

import type { ConfigOptions } from '../config/load-config.ts';
import { requestOfTask } from '../http/tasks.ts';
import { startWorker } from '../queue/start-worker.ts';
import { note, noteProblem } from './say.ts';
import { loader, untilSignal } from './signals.ts';

/** Makes calls. SIGHUP reads the config anew; SIGINT and SIGTERM end it once its calls are done, a second one at once. */
export async function work(options: ConfigOptions): Promise<void> {
  const load = await loader(options);
  const worker = await startWorker({ load, readTask: requestOfTask, onProblem: noteProblem });
  note(`anyimage-gateway worker makes up to ${worker.concurrency} requests at a time`);
  untilSignal(worker, 'it takes no more requests and ends those that it has; again ends it at once');
}
