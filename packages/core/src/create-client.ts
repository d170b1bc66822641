import { keysFor } from './access/access.ts';
import type { Client, ClientOptions, ClientRequest, Outcome, Plan } from './contract/client.ts';
import { createEngine, type Engine } from './contract/engine.ts';
import { ImageError } from './contract/errors.ts';
import type { InputImage } from './contract/provider.ts';
import { prepareInputs } from './inputs/prepare-inputs.ts';
import { checkCost, checkRoute, chooseModels } from './models/auto.ts';
import { checkCalls, decide } from './models/decide.ts';
import { applyStyle, findStyles, forChoice } from './prompt/styles.ts';
import { discover } from './run/discover.ts';
import { isAuto, readRequest, runRequest } from './run/generate.ts';
import { cancelTicket, runTicket } from './run/resume.ts';

/** Makes a client. Does no I/O: keys, base URLs and proxies are read from the environment when a request needs them. */
export function createClient(options: ClientOptions): Client {
  const engine = createEngine(options);
  return {
    plan: (request) => plan(engine, request),
    run: (request) => runRequest(engine, request),
    generate: async (request) => orThrow(await runRequest(engine, request)),
    runTicket: (id, run) => runTicket(engine, id, run),
    cancel: (id, run) => cancelTicket(engine, id, run),
    resume: async (id, run) => orThrow(await runTicket(engine, id, run)),
    discover: (provider, run) => discover(engine, provider, run),
    close: () => engine.transport.close(),
  };
}

async function plan(engine: Engine, request: ClientRequest): Promise<Plan> {
  const signal = request.signal ?? new AbortController().signal;
  const adapt = request.negotiation === 'adapt';
  const named = isAuto(engine, request) ? undefined : engine.registry.resolve(request.model);
  const route = checkRoute(request.route, !named);
  const parsed = await readRequest(engine, request, signal);
  const styles = await findStyles(engine, request);
  const [model] = named ?? (await chooseModels(engine, await forChoice(engine, parsed, styles), route));
  const styled = await applyStyle(engine, parsed, styles, model!, adapt);
  const prepared = await prepareInputs(engine, model!, styled.request, { adapt, signal });
  const decision = decide(engine, model!, prepared, adapt);
  checkCost(decision, route, engine.rates);
  checkCalls(await decision.model.entry.load(), decision);
  const { definition } = decision.model.entry;
  const keyless = definition.keys.length > 0 && !decision.access.key;
  const [key] = keysFor(definition, decision.access.region);
  const message = `no key for ${definition.label}: set ${key?.env} before making the picture`;
  return {
    model: decision.name,
    operation: decision.operation,
    region: decision.access.region,
    host: decision.access.host,
    mode: decision.mode,
    calls: decision.calls.map(({ limits: _, images, mask, ...words }) => ({
      ...JSON.parse(JSON.stringify(words)),
      images: images.map(describe),
      ...(mask && { mask: describe(mask) }),
    })),
    applied: [...styled.applied, ...decision.applied],
    warnings: keyless ? [...decision.warnings, { code: 'key', message }] : decision.warnings,
    estimate: decision.estimate,
    ...(decision.limits.latencyMs && { latencyMs: decision.limits.latencyMs }),
  };
}

function describe(image: InputImage) {
  if (image.as === 'url') return image;
  return {
    as: image.as,
    mediaType: image.mediaType,
    width: image.width,
    height: image.height,
    bytes: image.bytes.length,
  };
}

function orThrow(outcome: Outcome): Outcome {
  if (!outcome.images.length && !outcome.pending.length) {
    throw outcome.error ?? new ImageError('bad-response', 'the request ended without a picture and without an error');
  }
  return outcome;
}
