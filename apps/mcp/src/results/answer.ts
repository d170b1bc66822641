// What an answer says, before it is put into words (result-text.ts) and into structure (document.ts): each half alone says all of it.

import type { Applied, ImageError, Money, OutcomeFacts, Ticket } from '@anyimage/core';
import { type FileImageStore, money, pictureId } from '@anyimage/host';
import type { Call } from '../calls/call.ts';
import { forAgents } from './for-agents.ts';
import type { NextStep } from './tool-result.ts';
import type { ViewFile } from './view.ts';

/** Whatever is absent is not said. */
export interface Answer {
  readonly images?: readonly AnswerImage[];
  /** Of what was made by this call. `null` = unknown. */
  readonly cost?: readonly Money[] | null;
  /** How long it took, ms. */
  readonly took?: number;
  /** When what was brought home was asked for, Unix time in ms: nobody knows how long that took. */
  readonly askedAt?: number;
  readonly applied?: readonly Applied[];
  readonly warnings?: readonly string[];
  readonly errors?: readonly ImageError[];
  /** What is not over. */
  readonly pending?: readonly PendingWork[];
  readonly next?: NextStep;
  /** Whether a failure is one of a tool that pays: then it says that nothing was billed, where nothing was. */
  readonly mayPay?: boolean;
}

/** A picture that is here. */
export interface AnswerImage {
  /** `p-3f9a1c02b7de` */
  readonly id?: string;
  /** Absolute. */
  readonly path?: string;
  /** px */
  readonly width?: number;
  /** px */
  readonly height?: number;
  readonly mediaType?: string;
  readonly bytes?: number;
  readonly model?: string;
  readonly seed?: number;
  /** What it was drawn from, where the agent does not know that: as the service rewrote it, or of an earlier picture. */
  readonly prompt?: string;
  /** Which part of an earlier picture was repainted, where that was said in words. */
  readonly repainted?: string;
  /** A part of it, or a copy in another form, that was asked for. */
  readonly view?: ViewFile;
}

/** What was asked for and is not over. */
export interface PendingWork {
  /** The id to ask get_image for. */
  readonly id: string;
  /**
   * `running`: this server works on it. `waiting`: the service has it, or made it, and get_image brings it. `uncertain`: it may have been
   * billed, and nobody can tell.
   */
  readonly state: 'running' | 'waiting' | 'uncertain';
  /** `provider/model`. */
  readonly model: string;
  readonly prompt: string;
  /** Unix time, ms. */
  readonly askedAt: number;
  /** How far it is, or what is known of it, in words. */
  readonly phase?: string;
  /** When it can no longer be fetched, Unix time in ms. */
  readonly expiresAt?: number;
  readonly cost?: Money;
  /** Of what is uncertain: its request was made anew since. */
  readonly isMadeAnew?: boolean;
}

/** A call that is over. `madeAnew`: the ids of tickets whose request was made anew since. */
export function outcomeAnswer(
  outcome: OutcomeFacts,
  store?: FileImageStore,
  madeAnew: ReadonlySet<string> = new Set(),
): Answer {
  const { images, errors, pending, cost, timings, applied, warnings, attempts } = outcome;
  const drawnFrom = sentPrompt(outcome);
  const tried = images.length > 0 ? attempts.flatMap(({ model, error }) => (error ? [{ model, error }] : [])) : [];
  return {
    images: images.map((image) => {
      const {
        path,
        width,
        height,
        mediaType,
        byteLength: bytes,
        model,
        seed,
        revisedPrompt: prompt = drawnFrom,
      } = image;
      const sha256 = path === undefined ? undefined : store?.files.get(path)?.sha256;
      const known = { path, width, height, mediaType, bytes, model, seed, prompt };
      return sha256 === undefined ? known : { id: pictureId(sha256), ...known };
    }),
    cost,
    took: timings.totalMs,
    applied: [...applied, ...(store?.applied ?? [])],
    warnings: [
      ...tried.filter(({ error }) => !errors.includes(error)).map(({ model, error }) => `${model}: ${error.message}`),
      ...[...warnings, ...(store?.warnings ?? [])].map(({ message }) => message),
    ],
    errors,
    pending: pending.map((ticket) => pendingTicket(ticket, madeAnew.has(ticket.id))),
    mayPay: true,
  };
}

/** What was sent in place of the prompt, where no entry of `applied` tells it. */
function sentPrompt({ prompt, applied }: OutcomeFacts): string | undefined {
  const isTold = prompt.sent === prompt.original || applied.some(({ option }) => option === 'prompt');
  return isTold ? undefined : prompt.sent;
}

/** What to do after an error, where somebody can do something. */
export function hintOf({ code, hint: said = '', retryable }: ImageError): string {
  const hint = forAgents(said);
  if (code !== 'auth')
    return hint || (retryable ? 'The same call may succeed later.' : 'Tell the person: the same call will fail again.');
  const where = 'with `anyimage keys set`, or as `env` of this server in the configuration of the client';
  return `${hint} The person stores it ${where}; then call again.`.trim();
}

/** A call that goes on. */
export function pendingCall(call: Call): PendingWork {
  const { model, prompt, startedAt: askedAt, tickets } = call;
  const phase = call.progress();
  const costs = [...tickets.values()].map(({ cost }) => cost);
  const [cost] = costs.length === 1 ? costs : [];
  return { id: idOf(call), state: 'running', model, prompt, askedAt, phase, ...(cost && { cost }) };
}

/** What a ticket stands for. */
export function pendingTicket(ticket: Ticket, isMadeAnew = false): PendingWork {
  const { id, provider, model, at: askedAt, request, cost, expiresAt } = ticket;
  const { state, phase: plain } = stateOf(ticket);
  const phase = isMadeAnew ? `${plain}, and was made anew since` : plain;
  const known = { id, state, model: `${provider}/${model}`, prompt: request.prompt, askedAt, phase };
  const isFetched = state === 'waiting' && expiresAt !== undefined;
  return { ...known, ...(isMadeAnew && { isMadeAnew }), ...(isFetched && { expiresAt }), ...(cost && { cost }) };
}

function stateOf(ticket: Ticket): Pick<PendingWork, 'state'> & { readonly phase: string } {
  const { provider, state, uncertain, service, answer } = ticket;
  if (state === 'intended' && !uncertain) return { state: 'waiting', phase: 'being sent by another program' };
  if (uncertain && service === undefined) {
    return { state: 'uncertain', phase: `whether ${provider} took the request is unknown: it may have been billed` };
  }
  if (uncertain && state === 'submitted') {
    return { state: 'uncertain', phase: `${provider} does not know the job any more: it may have been billed` };
  }
  if (answer !== undefined) {
    return {
      state: 'waiting',
      phase: `paid for, in an answer of ${provider} that this version cannot read, and that is kept`,
    };
  }
  return { state: 'waiting', phase: 'paid for and not here yet' };
}

/** The id to ask for a call by. That of its ticket, if it has exactly one: a ticket outlives this server. */
export function idOf(call: Call): string {
  const [ticket, ...more] = call.tickets.keys();
  return ticket !== undefined && more.length === 0 && call.n === 1 ? ticket : call.id;
}

/** What comes next where something is not over; the first of it that somebody can do something about. */
export function nextFor(pending: readonly PendingWork[]): NextStep | undefined {
  const open = pending.filter(({ isMadeAnew }) => !isMadeAnew);
  const one = open.find(({ state }) => state !== 'uncertain') ?? open[0];
  if (!one) return undefined;
  if (one.state === 'uncertain') {
    return {
      say: `Tell the person, who sees in their account with the service whether it was billed; only if they want the picture all the same, ask with the same arguments and again: true, which may be billed a second time${one.cost ? ` (${money(one.cost)})` : ''}.`,
    };
  }
  const say =
    one.state === 'running'
      ? 'Wait for it with get_image: it goes on in the background. Do not ask for the picture again: that would be billed again.'
      : 'Fetch it with get_image: it is not billed again. Do not ask for the picture again.';
  return { say, tool: 'get_image', arguments: { id: one.id } };
}
