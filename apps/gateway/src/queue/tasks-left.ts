// Tasks that were noted and never reached the queue, because their gateway ended between the two.

import type { ClientRequest } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import type { GatewayKey, Kept } from '@anyimage/store-redis/contract';
import type { SharedQueue } from './shared-queue.ts';

/** What a task asked, by what is kept of it. */
export type ReadTask = (task: string, settings: Settings) => ClientRequest;

export interface TasksLeft {
  readonly kept: Kept;
  readonly queue: SharedQueue;
  readonly readTask: (task: string) => ClientRequest;
}

/** Has those made that are in no queue. Throws `storage`, `unavailable`. */
export async function addTasksLeft({ kept, queue, readTask }: TasksLeft): Promise<void> {
  const tasks = await kept.intents.openTasks();
  if (tasks.length === 0) return;
  const keys = new Map((await kept.keys.list()).map((key) => [key.id, key]));
  for (const { id, key, task = '' } of tasks) {
    const owner: GatewayKey = keys.get(key) ?? { id: key, name: key, createdAt: 0 };
    if (!(await queue.has(id))) await queue.add(id, { key: owner, isNew: false, isTask: true }, readTask(task));
  }
}
