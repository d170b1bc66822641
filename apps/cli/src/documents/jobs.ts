// What --json prints of tickets.

import { resultSchema, ticketSchema } from '@anyimage/host';
import * as z from 'zod';

const ids = z.array(z.string());

/** By command. */
export const jobDocuments = {
  'jobs list': z.strictObject({ pending: z.array(ticketSchema).describe('The open tickets, oldest first.') }),
  'jobs resume': resultSchema,
  'jobs cancel': z.strictObject({
    cancelled: ids.describe('The tickets whose jobs the service ended.'),
    goingOn: ids.describe('Those whose jobs are too far, or could not be ended.'),
    unknown: ids.describe('Those that are no open tickets.'),
  }),
  'jobs drop': z.strictObject({
    dropped: ids.describe('The tickets that are forgotten.'),
    held: ids.describe('Those that another program is at work on: they stay.'),
  }),
};
