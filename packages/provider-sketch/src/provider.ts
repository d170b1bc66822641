import { randomInt } from 'node:crypto';
import { defineProvider, type Output } from '@anyimage/core';
import { models } from './capabilities.ts';
import { makers } from './makers.ts';
import { warningsOf } from './warnings.ts';

/** How many different seeds there are: the table's largest, and 0. */
const seeds = models['sketch-1'].operations.generate.seed.max + 1;

/**
 * The embedded default: draws a picture from the prompt on this machine, offline, with no key and no neural model.
 * `generate` composes a scene from the prompt's words; the same prompt, size, seed and options give the same bytes. `edit`,
 * `inpaint`, `outpaint` and `upscale` change a picture as far as that is possible without seeing what is on it.
 */
export const sketch = defineProvider({
  id: 'sketch',
  label: 'Sketch (on this machine)',
  models,
  defaultModel: 'sketch-1',
  // The contract wants an address; nothing is ever sent to it.
  regions: { local: { label: 'This machine', baseURL: 'http://127.0.0.1' } },
  keys: [],
  sign: () => ({}),

  async generate(call, context) {
    const first = call.seed ?? randomInt(seeds);
    const make = makers[call.operation as keyof typeof makers];
    const outputs: Output[] = [];
    for (let index = 0; index < call.n; index++) {
      context.signal.throwIfAborted();
      context.report({ phase: 'running', index });
      outputs.push(await make(call, (first + index) % seeds, context.signal));
      context.report({ phase: 'running', index, fraction: 1 });
    }
    const cost = { amount: 0, currency: 'USD', estimated: false };
    return { outputs, cost, metadata: { engine: 'procedural' }, warnings: warningsOf(call) };
  },
});
