// What a client gets of a call or a file: both halves of the answer, small previews, links to the full files.

import { join } from 'node:path';
import { type ImageError, messageOf, present, type Ticket } from '@anyimage/core';
import { listOpen } from '@anyimage/host';
import type { Call } from '../calls/call.ts';
import type { Services } from '../calls/services.ts';
import { type Answer, type AnswerImage, outcomeAnswer, pendingCall, pendingTicket } from './answer.ts';
import { type ShownPicture, showPictures, showStep } from './delivery.ts';
import { answerDocument } from './document.ts';
import { type KnownPicture, newestPictures, withFacts } from './picture-file.ts';
import type { ClientProfile } from './profiles.ts';
import { answerText, notesText } from './result-text.ts';
import type { Content, NextStep, ToolResult } from './tool-result.ts';
import { type AskedView, isSmaller, makeViewFile } from './view.ts';

/** Both halves of an answer. `shown`: what stands between, previews and links. */
export function answerResult(answer: Answer, shown: readonly Content[] = []): ToolResult {
  const { images = [], errors = [], pending = [] } = answer;
  const isError = errors.length > 0 && images.length === 0 && pending.length === 0;
  return {
    content: [{ type: 'text', text: answerText(answer) }, ...shown],
    structuredContent: answerDocument(answer),
    ...(isError && { isError }),
  };
}

/** A request that never began. `mayPay`: of a tool that pays. */
export function failureResult(error: ImageError, mayPay = false): ToolResult {
  return answerResult({ errors: [error], mayPay });
}

/** An answer with what the person should know of their settings, in both halves. */
export function withNotes(result: ToolResult, notes: readonly string[]): ToolResult {
  if (notes.length === 0) return result;
  const { content, structuredContent = {} } = result;
  const { warnings } = structuredContent;
  return {
    ...result,
    content: [...content, { type: 'text', text: notesText(notes) }],
    structuredContent: { ...structuredContent, warnings: [...(Array.isArray(warnings) ? warnings : []), ...notes] },
  };
}

/** For whom an answer is, and what of its pictures is to be seen. */
export interface Showing {
  readonly client: ClientProfile;
  /** Default: the pictures as they are. */
  readonly view?: AskedView | undefined;
  /** What may be done once the pictures are here, besides showing them. */
  readonly step?: NextStep | undefined;
  /** Where pictures go, and views in a folder of their own in it. */
  readonly outputFolder: string;
}

/** What became of a call, or how far it is. Throws `invalid-request` for a view that cannot be made, `storage`. */
export async function callResult(call: Call, showing: Showing): Promise<ToolResult> {
  const { outcome, store } = call;
  if (!outcome) return answerResult({ pending: [pendingCall(call)] });
  const answer = outcomeAnswer(outcome, store, call.madeAnew);
  const asked = call.isResumed && { askedAt: call.startedAt };
  return shownAnswer({ ...answer, ...asked, mayPay: !wasTaken(call) }, showing);
}

/** Whether a service took a part of it: then nobody says that nothing was billed, also where what is left of it failed. */
function wasTaken({ tickets }: Call): boolean {
  return [...tickets.values()].some(({ state }) => state !== 'intended');
}

/** A picture that was made before. Throws `invalid-request` for a view that cannot be made, `storage`. */
export async function pictureResult(file: KnownPicture, showing: Showing): Promise<ToolResult> {
  return shownAnswer({ images: [imageOf(file)] }, showing);
}

/** What is being made, what is paid for and not here, and the newest pictures, at most `limit`. Throws `storage`. */
export async function overviewResult(services: Services, limit = 5): Promise<ToolResult> {
  const { settings, calls, history } = services;
  const running = calls.running();
  const open = await leftOpen(services);
  const anew = await calls.madeAnew(open);
  // Nothing can be done about those: they come last.
  const left = [...open.filter(({ id }) => !anew.has(id)), ...open.filter(({ id }) => anew.has(id))];
  const warnings: string[] = [];
  // What is paid for is shown all the same.
  const newest = await newestPictures(settings.outputFolder, limit, history).catch((error: unknown) => {
    warnings.push(`the newest pictures cannot be looked up: ${messageOf(error)}`);
    return [];
  });
  const files = await Promise.all(newest.map(withFacts));
  const pending = [...running.map(pendingCall), ...left.map((ticket) => pendingTicket(ticket, anew.has(ticket.id)))];
  const isEmpty = files.length === 0 && pending.length === 0 && warnings.length === 0;
  const nothingOpen = 'Nothing is being made, and nothing that was paid for is missing.';
  return answerResult({
    images: files.map(imageOf),
    pending,
    warnings,
    ...(pending.length === 0 && { next: { say: nothingOpen } }),
    ...(isEmpty && { next: { say: 'There are no pictures yet: generate_image makes one.', tool: 'generate_image' } }),
  });
}

/** Most of what is left open that is told beside an answer to something else. */
const mostTold = 5;

/** The answer, and before it what is left open: whoever asks next should hear of it, whatever they ask for. Never rejects. */
export async function withLeftOpen(result: ToolResult, services: Services): Promise<ToolResult> {
  try {
    const all = await leftOpen(services);
    const anew = await services.calls.madeAnew(all);
    return withTickets(
      result,
      all.filter(({ id }) => !anew.has(id)),
    );
  } catch (error) {
    return withNotes(result, [`what is paid for and not here cannot be looked up: ${messageOf(error)}`]);
  }
}

function withTickets(result: ToolResult, open: readonly Ticket[]): ToolResult {
  if (open.length === 0) return result;
  const told = open.slice(0, mostTold).map((ticket) => pendingTicket(ticket));
  const rest = open.length - told.length;
  const heading = `Not over, from before${rest > 0 ? ` (and ${rest} more, which get_image shows)` : ''}:`;
  const { pending, next } = answerDocument({ pending: told });
  return {
    ...result,
    content: [{ type: 'text', text: `${heading}\n${answerText({ pending: told })}` }, ...result.content],
    structuredContent: { ...result.structuredContent, ...present({ pending, next }) },
  };
}

/** The tickets that no call of this server is at work on. Throws `storage`. */
async function leftOpen({ calls, tickets }: Services): Promise<readonly Ticket[]> {
  const running = calls.running();
  return (await listOpen(tickets)).filter(({ id }) => !running.some((call) => call.tickets.has(id)));
}

function imageOf({ path, mediaType, bytes, facts }: KnownPicture): AnswerImage {
  return { ...facts, path, mediaType, bytes };
}

/** An answer with its pictures, as the client can show them. */
async function shownAnswer(answer: Answer, { client, view, step, outputFolder }: Showing): Promise<ToolResult> {
  const images: AnswerImage[] = [];
  const warnings = [...(answer.warnings ?? [])];
  for (const image of answer.images ?? []) {
    const made = view && image.path && (await makeViewFile(image.path, view, join(outputFolder, 'views')));
    images.push(made ? { ...image, view: made } : image);
    if (made && isSmaller(made, view))
      warnings.push(`The view is only ${made.width}x${made.height}: nothing is enlarged here.`);
  }
  const isHere = images.length > 0 && !answer.pending?.length;
  const next = isHere ? inOne(showStep(images, client), step) : undefined;
  const shown = await showPictures(images.flatMap(shownPicture), client);
  return answerResult({ ...answer, images, warnings, ...(next && { next }) }, shown);
}

/** Two steps as one: the second may be a call. */
function inOne(first: NextStep | undefined, second: NextStep | undefined): NextStep | undefined {
  return first && second ? { ...second, say: `${first.say} ${second.say}` } : (first ?? second);
}

function shownPicture({ path, view }: AnswerImage): ShownPicture[] {
  if (path === undefined) return [];
  return [view ? { path: view.path, full: path, side: Math.max(view.width, view.height) } : { path }];
}
