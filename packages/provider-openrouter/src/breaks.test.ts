import { seesBreaks } from '@anyimage/testkit/conformance';
import { withCatalogue } from '../test/with-catalogue.ts';
import { emulator } from './emulator.ts';

seesBreaks({ provider: (await withCatalogue(emulator)) as never, emulator });
