import { asImageError } from '../access/explain.ts';
import type { Engine } from '../contract/engine.ts';
import type { InputBytes } from '../contract/provider.ts';
import type { ImageInput, RunOptions } from '../contract/request.ts';
import { createDeadline } from '../timing/deadline.ts';
import { orAbort } from '../timing/or-abort.ts';
import { checkShapes } from './check-shapes.ts';
import { fetchInput, readInput } from './inputs.ts';

/** The usual deadline for a picture, ms. */
const oneMinute = 60_000;

/** See `Client.readInput`. */
export async function fetchedInput(
  engine: Pick<Engine, 'transport' | 'fromAgents' | 'paths' | 'clock' | 'log'>,
  image: ImageInput,
  run: Pick<RunOptions, 'signal' | 'timeout'> = {},
): Promise<InputBytes> {
  checkShapes(run);
  const { transport, fromAgents: directOnly, paths, clock, log } = engine;
  const deadline = createDeadline(run.timeout ?? oneMinute, run.signal, clock.now());
  const options = { transport, directOnly, paths, log, signal: deadline.signal };
  const read = async () => {
    const found = await readInput(image, options);
    return found.as === 'bytes' ? found : fetchInput(found.url, options);
  };
  try {
    return await orAbort(read(), deadline.signal);
  } catch (error) {
    throw asImageError(error);
  } finally {
    deadline.clear();
  }
}
