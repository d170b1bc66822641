// Spans of requests, of what each asks for, and of each model that was tried, by the conventions for HTTP and generative AI. Loaded only
// where the config names a collector. No key is in them, no message of a service, and no prompt unless the config asks for it.

import type { ClientRequest, Outcome } from '@anyimage/core';
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import manifest from '../../package.json' with { type: 'json' };
import type { GatewayConfig } from '../config/gateway-config.ts';

/** A request as it came. */
export interface TracedRequest {
  readonly method: string;
  /** As the router has it. */
  readonly route: string;
  /** The span of the caller that it belongs to, as W3C writes it. */
  readonly traceparent?: string | undefined;
}

/** What a request asks for. */
export interface TracedCall {
  readonly id: string;
  /** The id of the key that asks. */
  readonly key: string;
  readonly request: ClientRequest;
  readonly traceparent?: string | undefined;
}

export interface Tracing {
  /** Begins a span, which is the parent of what has its `traceparent`. */
  request(request: TracedRequest): { readonly traceparent: string; end(status: number): void };
  /** Begins a span. The function that it gives ends it, once; without an outcome nothing is known of it. */
  call(call: TracedCall): (outcome?: Outcome) => void;
  /** Sends what is left, for a moment at most. Never rejects. */
  close(): Promise<void>;
}

const longestEnd = 1500;

export function openTracing({
  endpoint,
  prompts = false,
  service = 'anyimage-gateway',
}: NonNullable<GatewayConfig['tracing']>): Tracing {
  const exporter = new OTLPTraceExporter({ url: endpoint });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': manifest.version }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('anyimage-gateway', manifest.version);
  return {
    request({ method, route, traceparent }) {
      const attributes = { 'http.request.method': method, 'http.route': route };
      const span = tracer.startSpan(
        `${method} ${route}`,
        { kind: SpanKind.SERVER, attributes },
        contextOf(traceparent),
      );
      return {
        traceparent: traceparentOf(span),
        end(status) {
          span.setAttribute('http.response.status_code', status);
          if (status >= 500) fail(span, String(status));
          span.end();
        },
      };
    },

    call({ id, key, request, traceparent }) {
      const { prompt } = request;
      const attributes = {
        'gen_ai.operation.name': 'generate_content',
        'gen_ai.output.type': 'image',
        'gen_ai.request.model': [request.model ?? 'default'].flat().join(', '),
        'gen_ai.request.choice.count': request.n,
        'gen_ai.request.seed': request.seed,
        'anyimage.request.id': id,
        'anyimage.key.id': key,
        ...(prompts && prompt !== undefined && { 'gen_ai.input.messages': messageOf(prompt) }),
      };
      const span = tracer.startSpan('generate_content', { attributes: known(attributes) }, contextOf(traceparent));
      let isOver = false;
      return (outcome) => {
        if (isOver) return;
        isOver = true;
        if (outcome) {
          span.setAttributes(factsOf(outcome));
          attemptsOf(outcome, trace.setSpan(ROOT_CONTEXT, span));
        }
        if (!outcome || outcome.error) fail(span, outcome?.error?.code ?? '_OTHER');
        span.end();
      };
    },

    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, longestEnd);
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      clearTimeout(timer);
    },
  };

  /** One after the other, the last of which ended just now. */
  function attemptsOf({ attempts }: Outcome, parent: Context): void {
    let end = Date.now();
    for (const { model: name, ms, error } of attempts.toReversed()) {
      const [providerName = '', ...rest] = name.split('/');
      const model = rest.join('/');
      const attributes = {
        'gen_ai.operation.name': 'generate_content',
        'gen_ai.provider.name': providerName,
        'gen_ai.request.model': model,
        'gen_ai.output.type': 'image',
        'http.response.status_code': error?.status,
      };
      const options = { kind: SpanKind.CLIENT, startTime: end - ms, attributes: known(attributes) };
      const span = tracer.startSpan(`generate_content ${model}`, options, parent);
      if (error) fail(span, error.code);
      span.end(end);
      end -= ms;
    }
  }
}

function factsOf({ images, cost, usage, sent }: Outcome): Attributes {
  const [first] = cost ?? [];
  return known({
    'gen_ai.response.model': images[0]?.model,
    'gen_ai.usage.input_tokens': usage && (usage.textIn ?? 0) + (usage.imageIn ?? 0),
    'gen_ai.usage.output_tokens': usage && (usage.textOut ?? 0) + (usage.imageOut ?? 0),
    'anyimage.pictures': images.length,
    'anyimage.sent': sent,
    'anyimage.cost.amount': first?.amount,
    'anyimage.cost.currency': first?.currency,
  });
}

function messageOf(prompt: string): string {
  return JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: prompt }] }]);
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function known(attributes: { readonly [name: string]: Attributes[string] | undefined }): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags!, 16),
    isRemote: true,
  });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
