// What the routes of a gateway work with.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayKey, Kept } from '@anyimage/store-redis/contract';
import type { Calls } from '../calls/calls.ts';
import type { Tracing } from '../calls/tracing.ts';
import type { GatewaySettings } from '../config/load-config.ts';
import type { PictureStore } from '../kept/pictures.ts';
import type { Signer } from '../kept/signing.ts';
import type { BodyRoom } from './bodies.ts';
import type { Metrics } from './metrics.ts';

export interface Surroundings {
  /** What holds now: read anew on SIGHUP. */
  readonly gateway: () => GatewaySettings;
  readonly kept: Kept;
  readonly pictures: PictureStore;
  readonly calls: Calls;
  readonly signer: Signer;
  readonly room: BodyRoom;
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  readonly isKeyRequired: boolean;
  /** It takes no new requests any more. */
  readonly isEnding: () => boolean;
  /** How often something is sent to who waits for events, ms. */
  readonly keepAliveMs: number;
  /** Unix time, ms. */
  readonly now: () => number;
}

/** Node's own request and response, which bodies and pictures go through. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Its span. */
  readonly traceparent?: string;
}

/** Whose request it is, and what is sent with every answer to it. */
export interface Asker {
  readonly key: GatewayKey;
  readonly headers: { readonly [name: string]: string };
}
