import type { Clock } from '@anyimage/core';
import type { EmulatedJob, EmulatorDefinition, Exchange, Reply, Route } from './definition.ts';
import type { Fault, FaultQueue } from './faults.ts';
import type { Files } from './files.ts';
import type { Recorder } from './recorder.ts';

/** A running service, as the parts of its emulator see it. */
export interface Service {
  readonly definition: EmulatorDefinition;
  /** Set once it listens. */
  origin: string;
  otherOrigin: string;
  readonly key: string;
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly checks: number;
  readonly recorder: Recorder;
  readonly faults: FaultQueue;
  readonly files: Files;
  readonly jobs: Map<string, EmulatedJob>;
  /** How many ids of each kind were given out. */
  readonly ids: Map<string, number>;
  readonly totals: { submissions: number; spent: number; open: number; busiest: number };
  readonly log: (line: string) => void;
  readonly observe: (seen: Observed) => void;
}

/** A request and what the service answers, before a fault spoils the way back. */
export interface Observed {
  readonly exchange: Exchange;
  /** Absent for a picture, and for an address that there is not. */
  readonly route?: Route;
  readonly reply: Reply;
}

/** The points of a service that faults can name. */
export function pointsOf(definition: EmulatorDefinition): readonly string[] {
  return [...new Set([...definition.routes.map((route) => route.point), 'result'])];
}

/** Queues a fault. Throws `TypeError` for one that could never take effect here. */
export function addFault({ definition, faults }: Pick<Service, 'definition' | 'faults'>, fault: Fault): void {
  const points = pointsOf(definition);
  if (typeof fault.on === 'string' && !fault.on.startsWith('/') && !points.includes(fault.on)) {
    throw new TypeError(`${definition.label} has no point "${fault.on}"; it has: ${points.join(', ')}`);
  }
  // Of a job it is told by the job's state.
  const isRefusal = fault.kind === 'refused' && !points.includes('check');
  const code = fault.kind === 'failure' ? fault.code : isRefusal ? 'content-blocked' : undefined;
  if (code && !definition.failures[code]) {
    const known = Object.keys(definition.failures).join(', ');
    throw new TypeError(`${definition.label} documents no error for "${code}"; it does for: ${known}`);
  }
  faults.add(fault);
}
