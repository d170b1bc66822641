// What a client gets of a call or a file: both halves of the answer, small previews, links to the full files.

import { type ImageError, messageOf, present, type Ticket } from '@anyimage/core';
import { listOpen, makePreview } from '@anyimage/host';
import type { Call } from '../calls/call.ts';
import type { Services } from '../calls/services.ts';
import { type Answer, outcomeAnswer, pendingCall, pendingTicket } from './answer.ts';
import { answerDocument } from './document.ts';
import { type KnownPicture, newestPictures, pictureFile, withFacts } from './picture-file.ts';
import { answerText } from './result-text.ts';
import type { Content, ToolResult } from './tool-result.ts';

/** Previews of one answer, characters of base64 in all: clients cut answers of about a million. */
const previewsLength = 400_000;
const mostPreviews = 8;
/** What previews may take in all, ms: a client waits for the answer. */
const previewsMs = 8000;
const newestShown = 5;

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

/** What became of a call, or how far it is. */
export async function callResult(call: Call): Promise<ToolResult> {
  const { outcome, store } = call;
  if (!outcome) return answerResult({ pending: [pendingCall(call)] });
  const paths = outcome.images.map(({ path }) => path).filter((path) => path !== undefined);
  return answerResult(outcomeAnswer(outcome, store), await showFiles(paths));
}

/** A picture that was made before. Throws `invalid-request` if there is none at the path. */
export async function fileResult(path: string): Promise<ToolResult> {
  const file = await withFacts(await pictureFile(path));
  return answerResult({ images: [imageOf(file)] }, await showFiles([path]));
}

/** What is being made, what is paid for and not here, and the newest pictures. Throws `storage`. */
export async function overviewResult(services: Services): Promise<ToolResult> {
  const { settings, calls, history } = services;
  const running = calls.running();
  const open = await leftOpen(services);
  const newest = await newestPictures(settings.outputFolder, newestShown, history);
  const files = await Promise.all(newest.map(withFacts));
  const pending = [...running.map(pendingCall), ...open.map(pendingTicket)];
  const isEmpty = files.length === 0 && pending.length === 0;
  return answerResult({
    images: files.map(imageOf),
    pending,
    ...(isEmpty && { next: { say: 'There are no pictures yet: generate_image makes one.', tool: 'generate_image' } }),
  });
}

/** Most of what is left open that is told beside an answer to something else. */
const mostTold = 5;

/** The answer, and before it what is left open: whoever asks next should hear of it, whatever they ask for. Never rejects. */
export async function withLeftOpen(result: ToolResult, services: Services): Promise<ToolResult> {
  const open = await leftOpen(services).catch(() => []);
  if (open.length === 0) return result;
  const told = open.slice(0, mostTold).map(pendingTicket);
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

function imageOf({ path, mediaType, bytes, facts }: KnownPicture) {
  return { ...facts, path, mediaType, bytes };
}

/** Previews of the first pictures, and links to all. A preview that cannot be made is no reason to fail. */
async function showFiles(paths: readonly string[]): Promise<Content[]> {
  const shown = Math.min(paths.length, mostPreviews);
  const maxLength = Math.min(100_000, Math.floor(previewsLength / Math.max(1, shown)));
  const signal = AbortSignal.timeout(previewsMs);
  const content: Content[] = [];
  for (const [index, path] of paths.entries()) {
    const file = await pictureFile(path).catch(() => undefined);
    if (!file) continue;
    if (index < shown) content.push(await previewOf(path, maxLength, signal));
    const { uri, name, mediaType, bytes } = file;
    const description = 'The full picture.';
    content.push({ type: 'resource_link', uri, name, mimeType: mediaType, size: bytes, description });
  }
  if (paths.length > shown) content.push({ type: 'text', text: `Previews are of the first ${shown} pictures.` });
  return content;
}

async function previewOf(path: string, maxLength: number, signal: AbortSignal): Promise<Content> {
  try {
    return { type: 'image', ...(await makePreview(path, { maxLength, signal })) };
  } catch (error) {
    const reason = signal.aborted ? 'previews take too long here' : messageOf(error).split('\n')[0];
    return { type: 'text', text: `No preview of ${path}: ${reason}` };
  }
}
