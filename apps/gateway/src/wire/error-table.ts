// What each of core's errors is in OpenAI's API: one table.

import type { ErrorCode } from '@anyimage/core';

/** How an error is told. */
export interface ErrorRow {
  /** HTTP status. */
  readonly status: number;
  /** OpenAI's `type`, which tells who must act. */
  readonly type: string;
  /** OpenAI's `code`. */
  readonly code: string;
}

const request = 'invalid_request_error';
const server = 'server_error';

/**
 * 4xx: the caller changes the request, or waits. 5xx: whoever runs the gateway, or the service behind it, is at fault; a key of the
 * gateway is not, so that a service's own 401 is no 401 here.
 */
export const errorTable: { readonly [code in ErrorCode]: ErrorRow } = {
  'invalid-request': { status: 400, type: request, code: 'invalid_value' },
  unsupported: { status: 400, type: request, code: 'unsupported_value' },
  'content-blocked': { status: 400, type: 'image_generation_user_error', code: 'moderation_blocked' },
  'not-found': { status: 404, type: request, code: 'not_found' },
  'rate-limit': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  budget: { status: 429, type: 'insufficient_quota', code: 'budget_exceeded' },
  quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  auth: { status: 502, type: server, code: 'service_auth' },
  permission: { status: 502, type: server, code: 'service_permission' },
  server: { status: 502, type: server, code: 'service_error' },
  network: { status: 502, type: server, code: 'service_unreachable' },
  'bad-response': { status: 502, type: server, code: 'service_bad_response' },
  unavailable: { status: 503, type: 'service_unavailable_error', code: 'service_unavailable' },
  aborted: { status: 503, type: 'service_unavailable_error', code: 'aborted' },
  timeout: { status: 504, type: server, code: 'timeout' },
  storage: { status: 507, type: server, code: 'storage' },
  config: { status: 500, type: server, code: 'configuration' },
};
