// Requests of which nobody can say what became of them.

import type { Ticket } from '@anyimage/core';
import { isoTime } from '@anyimage/host';
import { Refusal } from '../wire/envelope.ts';

/** Whether it may have been sent, and there is nothing to ask the service for. */
export function isUndecided({ uncertain, service, outputs, answer }: Ticket): boolean {
  return uncertain === true && service === undefined && outputs === undefined && answer === undefined;
}

/** The intent of the request that a ticket is of: its own less the number of the call. */
export function intentOf({ intent }: Ticket): string {
  return intent.replace(/-\d+$/, '');
}

/** 409: it is not sent again by itself. `tickets`: one at least. */
export function uncertainRefusal(tickets: readonly Ticket[]): Refusal {
  const ids = tickets.map(({ id }) => id);
  const [first] = tickets;
  const message = `Nobody can say whether ${first?.provider} took this request of ${isoTime(first?.at ?? 0)} and made the picture: nothing was sent again. \
Whoever runs the gateway looks at the account of the service and ends it with: anyimage-gateway jobs drop ${ids[0]}`;
  const row = { status: 409, type: 'invalid_request_error', code: 'request_uncertain' };
  return new Refusal(row, message, {
    more: { anyimage: { code: 'aborted', may_have_been_billed: true, tickets: ids } },
  });
}
