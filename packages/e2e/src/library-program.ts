// A program of somebody's own, over the library, in the folder and with the home of a person: it carries out the request that it
// is given as JSON, and prints what came of it.

import { join } from 'node:path';
import { createClient } from '@anyimage/core';
import {
  checkOutput,
  clientOptions,
  fileImageStore,
  fileTicketStore,
  loadSettings,
  openHistory,
  resultDocument,
} from '@anyimage/host';

const settings = await loadSettings();
const { home, outputFolder } = settings;
const history = openHistory(home);
const store = fileImageStore({ target: await checkOutput({ folder: outputFolder }), home, history });
const client = createClient({ ...clientOptions(settings), store, tickets: fileTicketStore(join(home, 'tickets')) });
const outcome = await client.run(JSON.parse(process.argv[2]!));
await store.noted();
await history.close();
await client.close();
console.log(JSON.stringify(resultDocument(outcome, { store })));
process.exitCode = outcome.images.length > 0 ? 0 : 1;
