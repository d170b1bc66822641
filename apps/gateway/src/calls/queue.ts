// Who makes what is asked for: this process, or workers.

import type { ClientRequest } from '@anyimage/core';
import type { GatewaySettings } from '../config/load-config.ts';
import type { Answer } from '../wire/answer.ts';
import type { RunningCall } from './call.ts';

export interface How {
  /** It was answered with its id, and nobody waits for it. */
  readonly isTask: boolean;
  /** The span that it belongs to. */
  readonly traceparent?: string | undefined;
}

/** How a call stands. */
export type CallState = 'queued' | 'in_progress';

export interface Queue {
  /**
   * What became of a call, which is told what is heard of it meanwhile. The same call again, also by another process, joins it. Rejects with
   * what kept it from being asked or noted.
   */
  make(call: RunningCall, request: ClientRequest, how: How): Promise<Answer>;
  /** Of one that this process does not wait for. */
  stateOf(id: string): Promise<CallState>;
  /** Other settings hold for calls from now on. */
  use(gateway: GatewaySettings): void;
  /** This process ends: tasks are gone on with elsewhere, or by the next one. */
  end(): void;
  /** Never rejects. */
  close(): Promise<void>;
}
