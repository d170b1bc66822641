// The control address: another process injects faults and reads counters here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '@anyimage/core';
import { parseJSON, readBody } from './body.ts';
import type { Reply } from './definition.ts';
import { parseFault } from './faults.ts';
import { send } from './reply.ts';
import { addFault, type Service } from './service.ts';

/** Every control address begins so. */
export const controlPath = '/__emulator/';

/**
 * `POST /__emulator/faults` adds a fault or a list of them, `DELETE` removes all, `GET /__emulator/state` shows requests, counters
 * and jobs; the key in them is `***`.
 */
export async function control(service: Service, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = `${message.method} ${message.url?.slice(controlPath.length).split('?')[0]}`;
  const body = await readBody(message).catch(() => undefined);
  if (!body) return;
  await send(response, decide(service, asked, body.value), undefined);
}

function decide(service: Service, asked: string, body: unknown): Reply {
  if (asked === 'GET state') return { json: state(service) };
  if (asked === 'DELETE faults') {
    service.faults.clear();
    return { json: { waiting: 0 } };
  }
  if (asked !== 'POST faults') {
    return { status: 404, json: { error: 'use POST faults, DELETE faults or GET state' } };
  }
  // People forget the header that says JSON.
  const given = typeof body === 'string' ? parseJSON(body) : body;
  if (given === undefined)
    return { status: 400, json: { error: 'the body is no JSON: send a fault or a list of them' } };
  try {
    const faults = (Array.isArray(given) ? given : [given]).map(parseFault);
    for (const fault of faults) addFault(service, fault);
    return { json: { waiting: service.faults.size } };
  } catch (error) {
    return { status: 400, json: { error: messageOf(error) } };
  }
}

function state({ definition, recorder, totals, faults, jobs, key }: Service): unknown {
  const shown = JSON.stringify({
    emulator: definition.id,
    submissions: totals.submissions,
    spent: totals.spent,
    currency: definition.currency,
    busiest: totals.busiest,
    faults: faults.size,
    jobs: [...jobs.values()],
    requests: recorder.requests,
  });
  return JSON.parse(shown.replaceAll(JSON.stringify(key).slice(1, -1), '***'));
}
