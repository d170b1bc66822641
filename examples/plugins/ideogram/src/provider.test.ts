import { testCodec } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { emulator } from './emulator.ts';
import { ideogram } from './provider.ts';

conformance({ provider: ideogram, emulator, codec: testCodec() });
