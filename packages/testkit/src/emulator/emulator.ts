// Brings a definition to life: an HTTP server on loopback that records what it gets and breaks on request.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@anyimage/core';
import { control, controlPath } from './control.ts';
import type { EmulatedJob, EmulatorDefinition } from './definition.ts';
import { createFaultQueue, type Fault } from './faults.ts';
import { createFiles } from './files.ts';
import { createHandler } from './handler.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { addFault, type Observed, pointsOf, type Service } from './service.ts';

/** How an emulator is started. */
export interface StartOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** The only key that is valid; default `test-key`. */
  readonly key?: string;
  /** How long each answer takes, ms; default 0. */
  readonly latencyMs?: number;
  /** How many checks find a job running before it is done; default 1. */
  readonly checks?: number;
  /** Faults that wait from the beginning. */
  readonly faults?: readonly Fault[];
  /** Default: the machine's own time. */
  readonly clock?: Clock;
  /** Called with one line for each answer. It never holds the key. */
  readonly log?: (line: string) => void;
  /** Called with each request and what the service answers. */
  readonly observe?: (seen: Observed) => void;
}

/** A running emulator. Counters and requests can be read at any time. */
export interface Emulator extends Pick<Recorder, 'requests' | 'next' | 'waitFor'> {
  /** Origin and base path: what the provider takes as `baseURL`. */
  readonly baseURL: string;
  /** `http://127.0.0.1:40123` */
  readonly origin: string;
  /** Where it is reached in place of the definition's `otherHost`: another port; without one the same origin. */
  readonly otherOrigin: string;
  readonly port: number;
  readonly key: string;
  /** What to set for a provider to use it: the key and the base URL, by the names of the environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Accepted requests that cost money. */
  readonly submissions: number;
  /** What they cost, in `currency`. */
  readonly spent: number;
  readonly currency: string;
  /** The largest number of requests that cost money and were open at the same time. */
  readonly busiest: number;
  readonly jobs: ReadonlyMap<string, Readonly<EmulatedJob>>;
  /** How many faults wait. */
  readonly faultsLeft: number;
  /** Injects a fault; several wait in the order given. Throws `TypeError` for one that could never take effect here. */
  fault(fault: Fault): void;
  /** Forgets requests, counters and faults. Jobs and pictures stay. */
  reset(): void;
  /** Ends all connections. Rejects promises of `next` and `waitFor`. */
  close(): Promise<void>;
}

/** A service that can be started on loopback. */
export interface EmulatorFactory
  extends Pick<EmulatorDefinition, 'id' | 'label' | 'keyEnv' | 'baseURLEnv' | 'currency'> {
  /** The points that faults can name, `result` included. */
  readonly points: readonly string[];
  /** The codes of the `failure` faults it knows. */
  readonly failures: readonly string[];
  /** What it was made from. */
  readonly definition: EmulatorDefinition;
  /** Resolves when it listens. Rejects if the port is taken. */
  start(options?: StartOptions): Promise<Emulator>;
}

/** Makes a service startable. Does no I/O. */
export function defineEmulator(definition: EmulatorDefinition): EmulatorFactory {
  const { id, label, keyEnv, baseURLEnv, currency, failures } = definition;
  return {
    id,
    label,
    keyEnv,
    baseURLEnv,
    currency,
    points: pointsOf(definition),
    failures: Object.keys(failures),
    definition,
    start: (options = {}) => start(definition, options),
  };
}

async function start(definition: EmulatorDefinition, options: StartOptions): Promise<Emulator> {
  const { port = 0, host = '127.0.0.1', key = 'test-key', faults = [], clock = machineClock } = options;
  const service: Service = {
    definition,
    origin: '',
    otherOrigin: '',
    key,
    clock,
    latencyMs: options.latencyMs ?? 0,
    checks: options.checks ?? 1,
    recorder: createRecorder(),
    faults: createFaultQueue(),
    files: createFiles(definition.filesLiveSeconds ?? 30 * 24 * 3600),
    jobs: new Map(),
    ids: new Map(),
    totals: { submissions: 0, spent: 0, open: 0, busiest: 0 },
    log: options.log ?? (() => {}),
    observe: options.observe ?? (() => {}),
  };
  for (const fault of faults) addFault(service, fault);
  const handle = createHandler(service);
  const listen = async (wanted: number): Promise<Server> => {
    const server = createServer((request, response) =>
      request.url?.startsWith(controlPath) ? control(service, request, response) : handle(request, response),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, host, resolve);
    });
    return server;
  };
  const server = await listen(port);
  const other = definition.otherHost === undefined ? undefined : await listen(0);
  const originOf = (one: Server) =>
    `http://${host.includes(':') ? `[${host}]` : host}:${(one.address() as AddressInfo).port}`;
  service.origin = originOf(server);
  service.otherOrigin = other ? originOf(other) : service.origin;
  const { recorder, totals } = service;
  return {
    origin: service.origin,
    baseURL: service.origin + definition.basePath,
    otherOrigin: service.otherOrigin,
    port: (server.address() as AddressInfo).port,
    key,
    env: { [definition.keyEnv]: key, [definition.baseURLEnv]: service.origin + definition.basePath },
    currency: definition.currency,
    requests: recorder.requests,
    next: recorder.next,
    waitFor: recorder.waitFor,
    jobs: service.jobs,
    get submissions() {
      return totals.submissions;
    },
    get spent() {
      return totals.spent;
    },
    get busiest() {
      return totals.busiest;
    },
    get faultsLeft() {
      return service.faults.size;
    },
    fault: (fault) => addFault(service, fault),
    reset() {
      recorder.clear();
      service.faults.clear();
      Object.assign(totals, { submissions: 0, spent: 0, busiest: totals.open });
    },
    async close() {
      recorder.close();
      await Promise.all([server, other].map((one) => one && closed(one)));
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const machineClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }),
};
