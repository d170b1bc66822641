// What is counted for whoever watches a gateway. No prompt, no key: keys are named by their ids.

import type { Outcome } from '@anyimage/core';
import type { GatewayKey } from '@anyimage/store-redis/contract';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Answer, countsOf } from '../wire/answer.ts';

export interface Metrics {
  /** `route`: as it is written in the router. `ms`: until the answer was written. */
  answered(route: string, status: number, ms: number): void;
  /** A call came to its end. */
  ended(key: GatewayKey, outcome: Outcome): void;
  /** A call that a worker made came to its end. */
  made(key: GatewayKey, answer: Answer): void;
  /** In the form of Prometheus. */
  text(): Promise<{ readonly type: string; readonly text: string }>;
}

const seconds = [0.005, 0.05, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320];

/** `running`: how many calls are under way. */
export function createMetrics(running: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: 'anyimage_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'status'],
    registers,
  });
  const time = new Histogram({
    name: 'anyimage_request_seconds',
    help: 'Time until the answer was written',
    labelNames: ['route'],
    buckets: seconds,
    registers,
  });
  const pictures = new Counter({
    name: 'anyimage_pictures_total',
    help: 'Pictures made',
    labelNames: ['key', 'model'],
    registers,
  });
  const cost = new Counter({
    name: 'anyimage_cost_total',
    help: 'What the pictures cost, in units of the currency',
    labelNames: ['key', 'model', 'currency'],
    registers,
  });
  const failures = new Counter({
    name: 'anyimage_failures_total',
    help: 'Calls without a picture, by what stopped them',
    labelNames: ['model', 'code'],
    registers,
  });
  new Gauge({
    name: 'anyimage_calls_running',
    help: 'Calls under way',
    registers,
    collect() {
      this.set(running());
    },
  });
  return {
    answered(route, status, ms) {
      requests.inc({ route, status });
      time.observe({ route }, ms / 1000);
    },
    ended({ id: key }, { images, cost: costs, error, attempts }) {
      const model = images[0]?.model ?? attempts.at(-1)?.model ?? 'none';
      if (images.length > 0) pictures.inc({ key, model }, images.length);
      for (const { amount, currency } of costs ?? []) if (amount > 0) cost.inc({ key, model, currency }, amount);
      if (error) failures.inc({ model, code: error.code });
    },
    made({ id: key }, answer) {
      const { model, made, costs, code } = countsOf(answer);
      if (made > 0) pictures.inc({ key, model }, made);
      for (const { amount, currency } of costs) if (amount > 0) cost.inc({ key, model, currency }, amount);
      if (code !== undefined) failures.inc({ model, code });
    },
    text: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
