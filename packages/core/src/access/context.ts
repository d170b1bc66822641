import type { Engine, ResolvedAccess } from '../contract/engine.ts';
import type { CallContext, ImageProvider, Progress } from '../contract/provider.ts';
import { foreignFacts } from '../foreign/foreign.ts';
import type { HeldAnswer } from '../http/answer.ts';
import type { AnswerMemory } from '../http/body/answer-memory.ts';
import { createHttp } from '../http/service.ts';
import { hiddenIn } from './access.ts';

/** What a call has besides: who hears of what happens in it, and memory for long answers (default: memory like any other). */
interface CallExtras {
  /** Must not throw. */
  readonly onProgress?: (progress: Progress) => void;
  readonly onSuccess?: (answer: HeldAnswer) => void;
  readonly memory?: AnswerMemory;
  /** Whether all that is sent costs money, also where the provider does not say so. */
  readonly spends?: boolean;
}

/** The context a provider's functions get. */
export function createContext(
  engine: Pick<Engine, 'clock' | 'log' | 'transport'>,
  provider: ImageProvider,
  access: ResolvedAccess,
  signal: AbortSignal,
  { onProgress, onSuccess, memory, spends }: CallExtras = {},
): CallContext {
  const { clock, log, transport } = engine;
  const http = createHttp({
    transport,
    baseURL: access.baseURL,
    trustedHosts: provider.trustedHosts ?? [],
    ...(access.key && { key: access.key }),
    ...(access.headers && { headers: access.headers }),
    hidden: () => hiddenIn(access),
    sign: provider.sign,
    signal,
    memory,
    spends,
    log,
    ...(onSuccess && { onSuccess }),
  });
  const { region } = access;
  const baseURL = access.baseURL.replace(/[?#].*$/, '');
  const { textModel } = provider.access;
  return {
    baseURL,
    region,
    signal,
    http,
    now: clock.now,
    log: (event, facts) => log?.(event, facts === undefined ? facts : foreignFacts(facts, hiddenIn(access))),
    report: (progress) => onProgress?.(progress),
    ...(textModel && { textModel }),
  };
}
