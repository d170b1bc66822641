// Imitated services that take their time, as real ones do.
import { emulator as bailian } from '../../packages/provider-bailian/dist/emulator.js';
import { emulator as cogview } from '../../packages/provider-cogview/dist/emulator.js';
import { emulator as openai } from '../../packages/provider-openai/dist/emulator.js';
import { slowEvents } from './slow-events.mjs';

/** `env`: what a person sets to draw with them. */
export async function startServices() {
  const started = await Promise.all([
    cogview.start({ latencyMs: 2400 }),
    openai.start({ latencyMs: 3200 }),
    bailian.start({ checks: 2 }),
  ]);
  const env = Object.assign({}, ...started.map(({ env }) => env));
  const { origin, pathname } = new URL(env.OPENAI_BASE_URL);
  const events = await slowEvents(origin, 2000);
  return {
    env: { ...env, OPENAI_BASE_URL: `${events.url}${pathname}` },
    close: () => Promise.all([...started, events].map((service) => service.close())),
  };
}
