// The service's refusals in its documented envelope.

/** A refusal, as the emulator's routes answer it. */
export interface Refusal {
  readonly status: number;
  readonly json: object;
  readonly headers: Readonly<Record<string, string>>;
}

interface Faults {
  readonly type?: string;
  readonly param?: string | null;
  readonly code: string | null;
}

export function failure(
  status: number,
  message: string,
  { type = 'invalid_request_error', param = null, code }: Faults,
): Refusal {
  return { status, json: { error: { message, type, param, code } }, headers: { 'x-request-id': 'req-refused' } };
}

export function invalid(param: string | null, message: string, code = 'invalid_value'): Refusal {
  return failure(400, message, { param, code });
}

export function invalidValue(param: string, value: unknown, values: readonly string[]): Refusal {
  const supported = values.map((each) => `'${each}'`).join(', ');
  return invalid(param, `Invalid value: '${String(value)}'. Supported values are: ${supported}.`);
}

export function missing(param: string): Refusal {
  return invalid(param, `Missing required parameter: '${param}'.`, 'missing_required_parameter');
}

export function unknownParameter(param: string): Refusal {
  return invalid(param, `Unknown parameter: '${param}'.`, 'unknown_parameter');
}

export function wrongKey(): Refusal {
  return failure(401, 'Incorrect API key provided.', { code: 'invalid_api_key' });
}

export function noModel(id: string): Refusal {
  const message = `The model '${id}' does not exist or you do not have access to it.`;
  return failure(404, message, { code: 'model_not_found' });
}

export function blocked(): Refusal {
  const message =
    'Your request was rejected by the safety system. Request id req-refused. safety_violations=[violence].';
  return failure(400, message, { type: 'image_generation_user_error', code: 'moderation_blocked' });
}
