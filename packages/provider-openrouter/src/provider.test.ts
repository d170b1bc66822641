import { conformance } from '@anyimage/testkit/conformance';
import { withCatalogue } from '../test/with-catalogue.ts';
import { emulator } from './emulator.ts';

conformance({ provider: await withCatalogue(emulator), emulator });
