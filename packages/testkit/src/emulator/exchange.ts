import { drawTestCard } from '../picture/test-card.ts';
import type { RequestBody } from './body.ts';
import type { EmulatedJob, Exchange } from './definition.ts';
import type { Fault } from './faults.ts';
import { resized } from './files.ts';
import type { RecordedRequest } from './recorder.ts';
import { replacement, withoutEnd } from './reply.ts';
import type { Service } from './service.ts';

/** What a request meets: its parts, and the fault that strikes it, if any. */
export interface Encounter {
  readonly request: RecordedRequest;
  readonly body: RequestBody;
  readonly params: Readonly<Record<string, string>>;
  readonly fault?: Fault | undefined;
}

/** Makes the exchange that a route answers with. `taken` = the route showed the fault itself. */
export function createExchange(service: Service, encounter: Encounter): Exchange & { taken: boolean } {
  const { definition, origin, key, clock, checks, jobs, ids, files, faults } = service;
  const { request, body, params, fault } = encounter;
  const now = clock.now();
  const exchange: Exchange & { taken: boolean } = {
    request,
    body: body.value,
    ...(body.form && { form: body.form }),
    params,
    key,
    baseURL: origin + definition.basePath,
    otherOrigin: service.otherOrigin,
    now,
    checks,
    jobs,
    taken: false,
    nextId(kind) {
      const next = (ids.get(kind) ?? 0) + 1;
      ids.set(kind, next);
      return `${kind}-${String(next).padStart(4, '0')}`;
    },
    startJob(body, kind = 'job') {
      const job: EmulatedJob = { id: exchange.nextId(kind), state: 'running', checksLeft: checks, body };
      jobs.set(job.id, job);
      return job;
    },
    checkJob(id = '') {
      const job = jobs.get(id);
      if (!job) return undefined;
      if (exchange.takes('failed')) job.state = 'failed';
      else if (exchange.takes('refused')) job.state = 'refused';
      else if (job.state === 'running' && job.checksLeft-- <= 0) job.state = 'done';
      return job;
    },
    picture(card) {
      const url = exchange.takes('url')?.url;
      return url ?? origin + files.add(resized(card, exchange.takes('wrong-size')), now);
    },
    pictureBytes(card) {
      const struck = faults.take({ ...request, point: 'result' }) ?? exchange.takes('wrong-size');
      const drawn = drawTestCard(resized(card, struck));
      if (struck?.kind === 'truncated') return withoutEnd(drawn);
      const other = struck && replacement(struck, true, {})?.body;
      return typeof other === 'string' ? Buffer.from(other) : (other ?? drawn);
    },
    takes(kind) {
      if (fault?.kind !== kind) return undefined;
      exchange.taken = true;
      return fault as never;
    },
  };
  return exchange;
}
