// The sentences of the documentation that say what is refused. `ask`: the same in words of a caller, which is refused before
// anything is sent.

import type { ClientRequest } from '@anyimage/core';
import { type Refused, refuses } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { paintBox } from './provider.ts';

function asked(says: string, fields: Readonly<Record<string, unknown>>, ask?: ClientRequest): Refused {
  return {
    says,
    to: 'images',
    json: { model: 'paint-box-fast', prompt: 'a red kite', ...fields },
    status: 400,
    holds: { error: { code: 'invalid_parameter' } },
    ...(ask && { ask: { model: 'paint-box/paint-box-fast', prompt: 'a red kite', ...ask } }),
  };
}

const long = 'x'.repeat(2001);

refuses({ provider: paintBox, emulator }, [
  asked('a prompt has at most 2000 characters', { prompt: long }, { prompt: long }),
  asked('there are three sizes', { size: '512x512' }, { size: '512x512' }),
  asked('a size is a word', { size: 1024 }),
  asked('the fast model has no quality', { quality: 'high' }, { quality: 'high' }),
  asked('a picture is JPEG or PNG', { format: 'webp' }, { outputFormat: 'webp' }),
  asked('a seed has 32 bits', { seed: 2 ** 32 }, { seed: 2 ** 32 }),
  asked('guidance is 1 to 20', { guidance: 21 }, { providerOptions: { guidance: 21 } }),
  asked('one request gives at most four pictures', { n: 5 }),
  asked('there is no negative prompt', { negative_prompt: 'fog' }, { negativePrompt: 'fog' }),
]);
