// What differs between OpenAI and a service that serves its models.

import type { Exchange } from '@anyimage/testkit';
import type { Model } from './facts.ts';
import type { Refusal } from './refusals.ts';

/** `id`: what a request calls the model. */
export interface Manner {
  /** The model that a request means; undefined where there is none. */
  find(id: unknown, exchange: Exchange): Model | undefined;
  /** The refusal where there is none. */
  missing(id: unknown): Refusal;
  /** What moderation answers. */
  blocked(): Refusal;
}
