// What OpenRouter answers when it refuses, and what it means. Source: docs/providers/openrouter.md, section 5.

import {
  type Complaint,
  defineErrorMap,
  type Envelope,
  type ErrorMap,
  type ImageError,
  isRecord,
  type Json,
  readComplaint,
} from '@anyimage/core';

/** The error of an answer. `body`: parsed JSON, or `undefined` for what is none, such as a gateway's page. */
export function serviceError(envelope: Envelope, body: unknown, spends: Complaint['spends'] = 'now'): ImageError {
  const { codes, message, field } = readComplaint(body);
  const { error } = isRecord(body) ? body : {};
  const { metadata } = isRecord(error) ? error : {};
  const reasons = isRecord(metadata) ? reasonsIn(metadata.reasons) : undefined;
  const complaint = { codes, message, spends, details: { field, reasons } };
  if (reasons) return toBlocked(envelope, complaint);
  // Without an envelope of its own nothing of the service has answered.
  const isOwn = isRecord(error) && typeof error.message === 'string';
  const failure = toError(envelope, complaint);
  return envelope.status === 404 && isOwn ? failure.with({ details: undefined, hint: hints['not-found'] }) : failure;
}

/** What moderation found. That it is told so is unverified. */
function reasonsIn(told: unknown): Json | undefined {
  const reasons = Array.isArray(told) ? told.filter((one): one is string => typeof one === 'string') : [];
  return reasons.length > 0 ? reasons : undefined;
}

const service = 'OpenRouter';
const hints = {
  quota: 'Add credits to the account at OpenRouter, or raise the limit of the key.',
  permission: 'Look at the settings of the account and of the key: models and services can be switched off there.',
  'content-blocked':
    'Reword the prompt, or use other pictures; the details say what was found, where the service tells.',
  'not-found':
    'Choose another model, or other services for it: this one is not there, or none of its services may be used.',
} as const satisfies ErrorMap['hints'];

/** Whether what was blocked is charged is unverified. */
const blocked = { kind: 'content-blocked', billed: true } as const;

const toError = defineErrorMap({
  service,
  codes: {
    // Of an error in a stream, in the words of OpenAI, whose models alone stream.
    moderation_blocked: blocked,
    content_policy_violation: blocked,
  },
  statuses: {
    502: 'down',
    524: 'timeout',
    529: 'unavailable',
  },
  hints,
});

/** For a refusal that tells reasons. */
const toBlocked = defineErrorMap({ service, codes: { '*': blocked }, statuses: { 400: blocked, 403: blocked }, hints });
