// Tasks of the protocol over the calls of this server. A task has the id of its call.

import { ImageError, isRecord } from '@anyimage/core';
import { isoTime, unexpected } from '@anyimage/host';
import {
  type CallToolRequestParams,
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  RELATED_TASK_META_KEY,
  type ServerContext,
  type Task,
} from '@modelcontextprotocol/server';
import { newCallId } from '../calls/call.ts';
import { textWithoutEchoes } from '../results/bounds.ts';
import { forAgents } from '../results/for-agents.ts';
import { unknownClient } from '../results/profiles.ts';
import type { ToolResult } from '../results/tool-result.ts';
import { getImage } from '../tools/get-image.ts';
import { runTool, type ToolRequest } from '../tools/run-tool.ts';
import { AskPerson, type Tool } from '../tools/tool.ts';
import { questionResult } from './asking.ts';
import type { Binding } from './binding.ts';
import { answered, requestOf, toWire } from './call-tool.ts';

/** Whom a task tells how it goes. */
type Teller = Pick<ToolRequest, 'report' | 'client'>;

interface OwnTask {
  readonly id: string;
  /** Unix time, ms, as `changedAt`. */
  readonly createdAt: number;
  changedAt: number;
  status: Task['status'];
  /** Never rejects. */
  readonly done: Promise<ToolResult>;
}

/** One client is served by a process. */
const tasks = new Map<string, OwnTask>();
/** Ended ones are kept to be asked for; the pictures themselves are files. */
const mostKept = 100;
const pollMs = 2000;
/** Between two looks at a call that goes on, s. */
const lookSeconds = 3600;

/** Starts a call and answers with its task. What is refused or over at once is a task, too, and a question is asked before. */
export async function startTask(tool: Tool, params: CallToolRequestParams, context: ServerContext, binding: Binding) {
  if (tool.annotations.readOnlyHint || tool.annotations.idempotentHint) {
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, `${tool.name} answers at once: call it without a task`);
  }
  const request = requestOf(context, binding);
  let first: ToolResult;
  try {
    first = await answered(tool, { ...params.arguments, waitSeconds: 0 }, context, binding);
  } catch (error) {
    if (error instanceof AskPerson) return questionResult(error, context);
    throw error;
  }
  const id = runningId(first);
  const task =
    id === undefined
      ? keep(newCallId(), Promise.resolve(first), binding)
      : follow(id, { report: request.report, client: request.client }, binding);
  return { content: toWire(first, binding.server).content, task: wireTask(task) };
}

/** Throws `InvalidParams` for an id of no call. */
export async function getTask(id: string, binding: Binding): Promise<Task> {
  return wireTask(await find(id, binding));
}

/** What the call answers, once it is over. Rejects when the client takes its question back. */
export async function taskResult(id: string, { mcpReq }: ServerContext, binding: Binding): Promise<CallToolResult> {
  const task = await find(id, binding);
  const taken = Promise.withResolvers<never>();
  const give = () => taken.reject(mcpReq.signal.reason);
  mcpReq.signal.addEventListener('abort', give, { once: true });
  try {
    const result = await Promise.race([task.done, taken.promise]);
    binding.transport.whenAnswered(mcpReq.id, mcpReq.signal, result);
    return { ...toWire(result, binding.server), _meta: { [RELATED_TASK_META_KEY]: { taskId: id } } };
  } finally {
    mcpReq.signal.removeEventListener('abort', give);
  }
}

/**
 * Ends the call, at the service, too, where that can be. Throws `InvalidParams` for a task that is over or too far, and `InternalError` with
 * what stands in the way.
 */
export async function cancelTask(id: string, binding: Binding): Promise<Task> {
  const task = await find(id, binding);
  if (task.status !== 'working') {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `task ${id} is over: it is ${task.status}`);
  }
  const { calls } = await binding.services();
  // The end that the call comes to now is not that of its work.
  task.status = 'cancelled';
  const problem = await calls.cancel(id).then(
    (became) => (became === 'goes on' ? tooLate(id) : undefined),
    (error: unknown) => notCancelled(id, error),
  );
  if (problem) {
    task.status = 'working';
    task.done.then((result) => finish(task, result, binding));
    throw problem;
  }
  change(task, 'cancelled', binding);
  return wireTask(task);
}

function tooLate(id: string): ProtocolError {
  const message = `task ${id} cannot be cancelled any more: the service works on it, and it is paid for`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

function notCancelled(id: string, cause: unknown): ProtocolError {
  const error = ImageError.isInstance(cause) ? cause : unexpected(cause, {});
  const said = [`task ${id} was not cancelled: ${error.message}`, forAgents(error.hint ?? '')]
    .filter(Boolean)
    .join('. ');
  return new ProtocolError(ProtocolErrorCode.InternalError, `${said} It goes on: get_image with its id brings it.`);
}

/** The tasks that this server knows, newest first. */
export function listTasks(): Task[] {
  return [...tasks.values()].reverse().map(wireTask);
}

/** A task of this server, or a call that an earlier one left. */
async function find(id: string, binding: Binding): Promise<OwnTask> {
  const known = tasks.get(id);
  if (known) return known;
  const { calls } = await binding.services();
  try {
    await calls.open(id);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    const message = textWithoutEchoes(`no task ${JSON.stringify(id)}: ${error.message}`, id);
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
  }
  return tasks.get(id) ?? follow(id, { report: () => {}, client: unknownClient }, binding);
}

/** A task that lasts as long as the call with this id. */
function follow(id: string, teller: Teller, binding: Binding): OwnTask {
  return keep(id, outcomeOf(id, teller, binding), binding);
}

async function outcomeOf(id: string, teller: Teller, binding: Binding): Promise<ToolResult> {
  const request: ToolRequest = {
    services: binding.services,
    // The request that began the task is answered: nobody takes this back.
    signal: new AbortController().signal,
    ...teller,
    ask: () => undefined,
    clientRoots: async () => [],
  };
  for (;;) {
    const result = await runTool(getImage, { id, waitSeconds: lookSeconds }, request);
    if (runningId(result) === undefined) return result;
  }
}

function keep(id: string, done: Promise<ToolResult>, binding: Binding): OwnTask {
  const now = Date.now();
  const task: OwnTask = { id, createdAt: now, changedAt: now, status: 'working', done };
  tasks.set(id, task);
  done.then((result) => finish(task, result, binding));
  for (const one of tasks.values()) {
    if (tasks.size <= mostKept) break;
    if (one.status !== 'working') tasks.delete(one.id);
  }
  return task;
}

function finish(task: OwnTask, { isError }: ToolResult, binding: Binding): void {
  if (task.status === 'working') change(task, isError ? 'failed' : 'completed', binding);
}

function change(task: OwnTask, status: Task['status'], { server }: Binding): void {
  task.status = status;
  task.changedAt = Date.now();
  server.notification({ method: 'notifications/tasks/status', params: wireTask(task) }).catch(() => {});
}

function wireTask({ id, createdAt, changedAt, status }: OwnTask): Task {
  return {
    taskId: id,
    status,
    createdAt: isoTime(createdAt),
    lastUpdatedAt: isoTime(changedAt),
    // The pictures are files: nothing is thrown away by itself.
    ttl: null,
    ...(status === 'working' && { pollInterval: pollMs }),
  };
}

/** The id of what goes on, if something does. */
function runningId({ structuredContent }: ToolResult): string | undefined {
  const pending = structuredContent?.pending;
  const running = Array.isArray(pending) ? pending.find((one) => isRecord(one) && one.state === 'running') : undefined;
  return isRecord(running) ? String(running.id) : undefined;
}
