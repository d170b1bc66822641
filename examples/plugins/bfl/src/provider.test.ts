import { testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { bfl } from './provider.ts';

conformance({ provider: bfl, emulator, codec: testCodec() });
