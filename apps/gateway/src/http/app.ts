// The routes of a gateway.

import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import type { TracedRequest } from '../calls/tracing.ts';
import { badRequest, errorAnswer, Refusal } from '../wire/envelope.ts';
import { openAPI } from '../wire/openapi.ts';
import { whoAsks } from './access.ts';
import { answerImages, type BodyReader, requestHeaders } from './images.ts';
import { listModels, showModel } from './models.ts';
import { sendPicture } from './pictures.ts';
import { readEdit, readGeneration } from './read-request.ts';
import { sendError } from './send-answer.ts';
import type { Exchange, Surroundings } from './surroundings.ts';
import { showTask, takeTask } from './tasks.ts';

type Env = { readonly Bindings: HttpBindings };

const generation: BodyReader = { kind: 'image_generation', read: readGeneration };
const edit: BodyReader = { kind: 'image_edit', read: readEdit };

export function createApp(at: Surroundings): Hono<Env> {
  const app = new Hono<Env>();
  const exchangeOf = (context: Context<Env>): Exchange => ({
    incoming: context.env.incoming as Exchange['incoming'],
    outgoing: context.env.outgoing as Exchange['outgoing'],
  });

  /** Work that writes its answer by itself, counted when that is done. */
  const route = (name: string, work: (exchange: Exchange, context: Context<Env>) => Promise<void> | void) => {
    return async (context: Context<Env>) => {
      const exchange = exchangeOf(context);
      const { outgoing } = exchange;
      const began = performance.now();
      const span = at.tracing?.request(tracedIn(context));
      outgoing.once('close', () => {
        const status = outgoing.headersSent ? outgoing.statusCode : 499;
        at.metrics.answered(name, status, performance.now() - began);
        span?.end(status);
      });
      try {
        await work(span ? { ...exchange, traceparent: span.traceparent } : exchange, context);
      } catch (error) {
        sendError(outgoing, errorAnswer(error), requestHeaders());
      }
      return RESPONSE_ALREADY_SENT;
    };
  };
  const keyOf = ({ incoming }: Exchange) => whoAsks(incoming, { ...at, keys: at.kept.keys });

  app.post(
    '/v1/images/generations',
    route('generations', (exchange) => answerImages(at, exchange, generation)),
  );
  app.post(
    '/v1/images/edits',
    route('edits', (exchange) => answerImages(at, exchange, edit)),
  );
  app.post(
    '/v1/images/generations/async',
    route('async', (exchange) => takeTask(at, exchange, generation)),
  );
  app.get(
    '/v1/images/tasks/:id',
    route('tasks', (exchange, context) => showTask(at, exchange, context.req.param('id') ?? '')),
  );
  app.get(
    '/v1/pictures/:name',
    route('pictures', (exchange, context) => {
      const { expires = '', signature = '' } = context.req.query();
      return sendPicture(at, exchange, { name: context.req.param('name') ?? '', expires, signature });
    }),
  );
  app.get(
    '/v1/models',
    route('models', async (exchange) => {
      const data = listModels(at.gateway().settings, await keyOf(exchange), at.now());
      sendJSON(exchange, 200, { object: 'list', data });
    }),
  );
  app.get(
    '/v1/models/*',
    route('model', async (exchange, context) => {
      const name = decoded(new URL(context.req.url).pathname.slice('/v1/models/'.length));
      sendJSON(exchange, 200, showModel(at.gateway().settings, await keyOf(exchange), name, at.now()));
    }),
  );
  app.get(
    '/v1/usage',
    route('usage', async (exchange, context) => {
      const { id } = await keyOf(exchange);
      const { from, to } = context.req.query();
      const rows = await at.kept.spending.usage({ key: id, ...(from && { from }), ...(to && { to }) });
      const data = rows.map(({ key: _, amount, ...row }) => ({ ...row, cost: amount / 1e6 }));
      sendJSON(exchange, 200, { object: 'list', data });
    }),
  );
  app.get(
    '/healthz',
    route('healthz', (exchange) => sendJSON(exchange, 200, { status: 'ok' })),
  );
  app.get(
    '/readyz',
    route('readyz', async (exchange) => {
      if (at.isEnding()) throw notReady('it is ending');
      await Promise.all([at.kept.check(), at.pictures.check()]).catch((error: unknown) => {
        throw notReady(errorAnswer(error).body.error.message as string);
      });
      sendJSON(exchange, 200, { status: 'ready' });
    }),
  );
  app.get(
    '/metrics',
    route('metrics', async (exchange) => {
      await keyOf(exchange);
      const { type, text } = await at.metrics.text();
      exchange.outgoing.writeHead(200, { 'content-type': type });
      exchange.outgoing.end(text);
    }),
  );
  app.get(
    '/openapi.json',
    route('openapi', (exchange) => sendJSON(exchange, 200, openAPI())),
  );
  app.all(
    '*',
    route('unknown', ({ incoming }) => {
      const { method, url = '' } = incoming;
      const what = `${method} ${url.split('?', 1)[0]!.slice(0, 200)}`;
      const row = { status: 404, type: 'invalid_request_error', code: 'unknown_url' };
      throw new Refusal(row, `There is no ${what} here. The paths begin with /v1; /openapi.json lists them.`);
    }),
  );
  return app;
}

function tracedIn(context: Context<Env>): TracedRequest {
  const { req } = context;
  return { method: req.method, route: routePath(context), traceparent: req.header('traceparent') };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw badRequest(
      'The name of the model is written wrongly. Write it as GET /v1/models does.',
      'invalid_value',
      'model',
    );
  }
}

function notReady(reason: string): Refusal {
  const row = { status: 503, type: 'service_unavailable_error', code: 'not_ready' };
  return new Refusal(row, `The gateway is not ready: ${reason}`, {
    headers: { 'x-should-retry': 'true', 'retry-after': '2' },
  });
}

function sendJSON({ outgoing }: Exchange, status: number, body: object): void {
  const text = JSON.stringify(body);
  outgoing.writeHead(status, {
    ...requestHeaders(),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  outgoing.end(text);
}
