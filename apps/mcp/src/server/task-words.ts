// The words of tasks, which 2025-11-25 alone has: a call is answered at once, and the client asks for the rest when it likes.

import type { Server, StandardSchemaV1 } from '@modelcontextprotocol/server';
import type { Binding } from './binding.ts';
import { anything } from './wire/anything.ts';

export const tasksCapability = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/** Whether the client speaks the version of the protocol that has tasks. */
export function canRunTasks(server: Server): boolean {
  return server.getNegotiatedProtocolVersion() === '2025-11-25';
}

/** Whether a client wants its call as a task. */
export function isTaskRequest(params: { readonly task?: unknown }): boolean {
  return params.task !== undefined;
}

/** Tasks are calls: they have the same ids, and are found again by the next server. */
export function setTaskHandlers(binding: Binding): void {
  const { server } = binding;
  const tasks = () => import('./tasks.ts');

  server.setRequestHandler('tasks/get', { params: named }, async ({ taskId }) => {
    const { getTask } = await tasks();
    return { ...(await getTask(taskId, binding)) };
  });

  server.setRequestHandler('tasks/result', { params: named }, async ({ taskId }, context) => {
    const { taskResult } = await tasks();
    return taskResult(taskId, context, binding);
  });

  server.setRequestHandler('tasks/cancel', { params: named }, async ({ taskId }) => {
    const { cancelTask } = await tasks();
    return { ...(await cancelTask(taskId, binding)) };
  });

  server.setRequestHandler('tasks/list', { params: anything }, async () => {
    const { listTasks } = await tasks();
    return { tasks: listTasks() };
  });
}

const named: StandardSchemaV1<unknown, { readonly taskId: string }> = {
  '~standard': {
    version: 1,
    vendor: 'anyimage',
    validate(value) {
      const { taskId } = value as { readonly taskId?: unknown };
      return typeof taskId === 'string' ? { value: { taskId } } : { issues: [{ message: 'taskId must be text' }] };
    },
  },
};
