// Imitated services that take their time, as real ones do.
import { emulator as bailian } from '../../packages/provider-bailian/dist/emulator.js';
import { emulator as cogview } from '../../packages/provider-cogview/dist/emulator.js';
import { emulator as openai } from '../../packages/provider-openai/dist/emulator.js';

/** `env`: what a person sets to draw with them. */
export async function startServices() {
  const started = await Promise.all([
    cogview.start({ latencyMs: 2400 }),
    openai.start({ latencyMs: 3200 }),
    bailian.start({ checks: 2 }),
  ]);
  return {
    env: Object.assign({}, ...started.map(({ env }) => env)),
    close: () => Promise.all(started.map((service) => service.close())),
  };
}
