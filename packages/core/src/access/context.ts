import type { Engine, ResolvedAccess } from '../contract/engine.ts';
import { messageOf } from '../contract/errors.ts';
import type { CallContext, ImageProvider, Progress } from '../contract/provider.ts';
import type { AnswerMemory } from '../http/body/answer-memory.ts';
import { createHttp } from '../http/service.ts';

/**
 * The context a provider's functions get. `memory`: for long answers; default: memory like any other. A caller's progress function
 * that throws is the caller's affair, not the picture's.
 */
export function createContext(
  engine: Pick<Engine, 'clock' | 'log' | 'transport'>,
  provider: ImageProvider,
  access: ResolvedAccess,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void = () => {},
  memory?: AnswerMemory,
): CallContext {
  const { clock, log, transport } = engine;
  const http = createHttp({
    transport,
    baseURL: access.baseURL,
    trustedHosts: provider.trustedHosts ?? [],
    key: () => access.key?.reveal(),
    sign: provider.sign,
    signal,
    memory,
    log,
  });
  const report = (progress: Progress) => {
    try {
      onProgress(progress);
    } catch (error) {
      log?.('progress-failed', { message: messageOf(error) });
    }
  };
  const { baseURL, region } = access;
  const { textModel } = provider.access;
  return {
    baseURL,
    region,
    signal,
    http,
    now: clock.now,
    log: log ?? (() => {}),
    report,
    ...(textModel && { textModel }),
  };
}
