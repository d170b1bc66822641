// What would be wrong with this provider, and the case of the suite that sees it.

import { testCodec } from '@anyimage/testkit';
import { seesBreaks } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { bfl } from './provider.ts';

seesBreaks({ provider: bfl, emulator, codec: testCodec(), patienceMs: 20_000 });
