// From a request to its answer: note it, check the key, find the route, let the service answer, let a fault spoil it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf, roundMoney } from '@anyimage/core';
import { type RequestBody, readBody } from './body.ts';
import type { Exchange, Reply, Route } from './definition.ts';
import type { FaultEffect } from './effects.ts';
import { createExchange } from './exchange.ts';
import type { Fault } from './faults.ts';
import { filesPath } from './files.ts';
import type { RecordedRequest } from './recorder.ts';
import { replacement, send } from './reply.ts';
import type { Service } from './service.ts';

const spoiling: ReadonlySet<FaultEffect['kind']> = new Set([
  'hang',
  'cut',
  'malformed',
  'truncated',
  'oversize',
  'drip',
]);

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Makes the server's request handler. It never rejects: what the emulator itself does wrong is answered as 599. */
export function createHandler(service: Service): (message: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { definition, recorder, totals, clock } = service;
  const find = createFinder(definition.basePath, definition.routes);

  return async (message, response) => {
    const began = clock.now();
    const left = new AbortController();
    const match = find(message);
    response.once('close', () => left.abort());
    if (match?.route.spends) {
      totals.open += 1;
      totals.busiest = Math.max(totals.busiest, totals.open);
      response.once('close', () => {
        totals.open -= 1;
      });
    }
    const body = await readBody(message).catch(() => undefined);
    const request = note(service, message, body, match?.route);
    if (!body) {
      request.aborted = true;
      recorder.emit('aborted', request);
      response.destroy();
      return;
    }
    response.once('close', () => finish(service, request, response, began));
    recorder.emit('request', request);
    try {
      if (service.latencyMs > 0) await clock.sleep(service.latencyMs, left.signal);
      await answer(service, response, request, body, match);
    } catch (error) {
      const text = `the emulator failed: ${messageOf(error)}\n`;
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      request.status = 599;
      await send(response, { status: 599, body: text, type: 'text/plain' }, undefined);
    }
  };
}

async function answer(
  service: Service,
  response: ServerResponse,
  request: RecordedRequest,
  body: RequestBody,
  match: Match | undefined,
): Promise<void> {
  const params = match?.params ?? {};
  const isFile = request.point === 'result';
  const refusal = isFile ? undefined : service.definition.authorize(createExchange(service, { request, body, params }));
  const fault = refusal ? undefined : service.faults.take(request);
  if (fault) request.fault = fault.kind;
  const exchange = createExchange(service, { request, body, params, fault });
  const reply = refusal ?? (await decide(service, exchange, match?.route, fault));
  if (request.accepted && request.spends) {
    service.totals.submissions += 1;
    service.totals.spent = roundMoney(service.totals.spent + (reply.cost ?? 0));
  }
  service.observe({ exchange, reply, ...(match && { route: match.route }) });
  const silent = (fault?.kind === 'hang' || fault?.kind === 'cut') && fault.at !== 'body';
  if (!silent) request.status = reply.status ?? 200;
  if (fault) service.recorder.emit('fault', request);
  await send(response, reply, fault && spoiling.has(fault.kind) ? fault : undefined);
}

/** The reply to an authorised request, and whether the service accepted it. */
async function decide(
  service: Service,
  exchange: Exchange & { taken: boolean },
  route: Route | undefined,
  fault: Fault | undefined,
): Promise<Reply> {
  const { definition, files, clock } = service;
  const { request } = exchange;
  const isFile = request.point === 'result';
  const failures = definition.failures as { readonly [code: string]: Reply };
  const own = async (): Promise<Reply> =>
    isFile
      ? files.serve(request.path.split('?')[0]!, clock.now(), fault)
      : ((await route?.answer(exchange)) ?? definition.unknown);
  const instead = fault && replacement(fault, isFile, failures);
  if (instead) {
    if (fault.kind !== 'status' || !fault.accepted) return instead;
    request.accepted = true;
    return { ...instead, cost: (await own()).cost ?? 0 };
  }
  const reply = await own();
  if (fault?.kind === 'refused' && !exchange.taken) return refusedOtherwise(exchange, failures);
  request.accepted = (reply.status ?? 200) < 300;
  return reply;
}

/** Moderation that the answer does not show by itself. Of a job it is told by the job's state, in a form that only the service knows. */
function refusedOtherwise({ request }: Exchange, failures: { readonly [code: string]: Reply }): Reply {
  const failure = failures['content-blocked'];
  if (request.point !== 'check' && failure) return failure;
  throw new Error(
    `its answer to ${request.point} does not say how moderation refuses it: use checkJob, or takes("refused")`,
  );
}

function note(
  { clock, key, recorder }: Service,
  message: IncomingMessage,
  body: RequestBody | undefined,
  route: Route | undefined,
): RecordedRequest {
  const { method = '', url: path = '', headers } = message;
  const isFile = path.startsWith(filesPath);
  const point = isFile ? 'result' : route?.point;
  const leaked = isFile && (headers.authorization !== undefined || JSON.stringify([path, headers]).includes(key));
  return recorder.add({
    method,
    path,
    headers,
    body: body?.value,
    at: clock.now(),
    ...(point !== undefined && { point }),
    spends: route?.spends ?? false,
    leaked,
  });
}

function finish(service: Service, request: RecordedRequest, response: ServerResponse, began: number): void {
  const { clock, key, log, recorder } = service;
  const cut = !response.writableFinished && (request.fault === 'cut' || request.fault === 'truncated');
  request.aborted = !response.writableFinished && !cut;
  const outcome = cut ? 'cut' : request.aborted ? 'left by the client' : String(request.status);
  const fault = request.fault ? ` (fault: ${request.fault})` : '';
  log(`${request.method} ${request.path.replaceAll(key, '***')} ${outcome} ${clock.now() - began} ms${fault}`);
  recorder.emit(request.aborted ? 'aborted' : 'answered', request);
}

function createFinder(basePath: string, routes: readonly Route[]): (message: IncomingMessage) => Match | undefined {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(`${basePath}/${route.path}`) }));
  return ({ method, url = '' }) => {
    const path = url.split('?')[0]!;
    for (const { route, pattern } of patterns) {
      const match = route.method === method && pattern.exec(path);
      if (match) return { route, params: { ...match.groups } };
    }
    return undefined;
  };
}

/** `/api/async-result/:id` as a regular expression with a named group for each `:name`. */
function patternOf(path: string): RegExp {
  const segments = path
    .split('/')
    .map((segment) =>
      segment.startsWith(':') ? `(?<${segment.slice(1)}>[^/]+)` : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    );
  return new RegExp(`^${segments.join('/')}$`);
}
