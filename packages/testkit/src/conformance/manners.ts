// A provider turns a call into requests and answers into a result, and does nothing else: no waiting, asking again, fetching, printing.

import assert from 'node:assert/strict';
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import type { Answer, CallContext, ClientRequest } from '@anyimage/core';
import { lookAt } from '../picture/look-at.ts';
import { drawTestCard } from '../picture/test-card.ts';
import { type Case, eachMode, withEmulator } from './rig/case.ts';
import { checking, fetching, sendings, spending, withRig } from './rig/rig.ts';
import type { Target } from './rig/targets.ts';
import { type Around, copyOf } from './rig/watch.ts';

export const mannersCases: readonly Case[] = [
  {
    id: 'waits-and-fetches-not',
    title: 'it asks once and returns: waiting, asking again and fetching pictures are left to core',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        const { around, opened, watching } = watchContext();
        await withRig(subject, target, { service: { checks: 2 }, maxRetries: 0, around }, async (rig) => {
          await rig.run(); // what is loaded lazily is loaded now
          rig.forget();
          await watching(() => rig.run());
          for (const { exchange, during } of rig.seen) {
            if (!during) continue;
            const { request } = exchange;
            const shown = `${request.method} ${request.path}, within ${during.name}`;
            assert.ok(!fetching(request), `it fetched a picture by itself: ${shown}; return its url`);
            if (during.name === 'generate' || during.name === 'submit')
              assert.ok(!checking(request), `it asked how its job is by itself: ${shown}; core asks with jobs.check`);
            const same = rig.seen.filter((other) => other.during === during && checking(other.exchange.request));
            assert.ok(same.length <= 1, `it asked ${same.length} times by itself: ${shown}`);
          }
          assert.deepEqual(
            [...opened],
            [],
            `it ${[...opened].join(' and ')} by itself: core waits, and http.send asks`,
          );
          for (const status of [429, 503]) {
            rig.forget();
            rig.emulator.fault({ on: spending, kind: 'status', status });
            await rig.run();
            const times = sendings(rig);
            assert.ok(times <= 1, `the service answered ${status}, and it sent the request ${times} times by itself`);
          }
        });
      }
    },
  },
  {
    id: 'prints-nothing',
    title: 'it prints nothing',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, { maxRetries: 0 }, async (rig) => {
          const printed = await printedBy(async () => {
            await rig.run();
            rig.emulator.fault({ on: spending, kind: 'status', status: 500 });
            await rig.run();
          });
          const hidden = printed.replaceAll(rig.emulator.key, '***').trim();
          const told = printed.includes(rig.emulator.key) ? ', the key (***) among it' : '';
          assert.equal(printed, '', `it printed "${hidden.slice(0, 200)}"${told}: context.log is for that`);
        });
      }
    },
  },
  {
    id: 'leaves-nothing-behind',
    title: 'it puts nothing into globals and the environment, which all code of the process reads',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, {}, async (rig) => {
          const [names, environment] = [Reflect.ownKeys(globalThis), { ...process.env }];
          await rig.run();
          const left = Reflect.ownKeys(globalThis).filter((name) => !names.includes(name));
          assert.deepEqual(left, [], `it put ${left.map(String).join(', ')} into globalThis`);
          const set = Object.keys(process.env).filter((name) => process.env[name] !== environment[name]);
          assert.deepEqual(set, [], `it put ${set.join(', ')} into process.env`);
        });
      }
    },
  },
  {
    id: 'key-is-a-header',
    title: 'the key is in the headers that sign gives, and nowhere else in a request',
    applies: withEmulator,
    async run(subject) {
      for (const target of eachMode(subject)) {
        await withRig(subject, target, {}, async (rig) => {
          await rig.run();
          const { key, origin } = rig.emulator;
          for (const { method, path, headers, body } of rig.emulator.requests) {
            const asked = `${method} ${path.replaceAll(key, '***')}`;
            assert.ok(!decodeURIComponent(path).includes(key), `${asked}: the key is in the address`);
            assert.ok(!JSON.stringify(body ?? '').includes(key), `${asked}: the key is in the body`);
            const signed = await subject.provider().sign(key, { method, url: new URL(path, origin) });
            const own = new Set(Object.keys(signed).map((name) => name.toLowerCase()));
            const stray = Object.entries(headers).find(
              ([name, value]) => !own.has(name) && String(value).includes(key),
            );
            assert.equal(
              stray,
              undefined,
              `${asked}: the key is in the header ${stray?.[0]}, which sign does not give`,
            );
          }
        });
      }
    },
  },
  {
    id: 'call-is-left-alone',
    title: 'it changes nothing in the call that it is given',
    applies: withEmulator,
    async run(subject) {
      for (const target of [
        ...eachMode(subject),
        ...eachMode(subject, ({ request }) => request.images !== undefined),
      ]) {
        await withRig(subject, target, {}, async (rig) => {
          await rig.run({ ...firstOptions(target), ...severalPictures(target) });
          for (const { name, call, before } of rig.works) {
            assert.deepEqual(call && copyOf(call), before, `${name} changed the call that it was given`);
          }
        });
      }
    },
  },
  {
    id: 'discover-lists',
    title: 'the service can be asked for its models, and what a catalogue says of them is right',
    applies: (subject) => {
      if (!subject.emulator) return 'no emulator';
      return subject.provider().discover ? true : 'the provider does not ask for models';
    },
    async run(subject) {
      const [target] = eachMode(subject);
      await withRig(subject, target!, {}, async (rig) => {
        const { id, catalogue } = subject.provider();
        const { models, warnings } = await rig.inTime(rig.client.discover(id)).catch((error: Error) => {
          const said = JSON.stringify(rig.seen.at(-1)?.reply.json);
          return assert.fail(`discover failed: ${error.message}; the service said ${said}`);
        });
        assert.ok(
          models.length > 0,
          `discover found no model; the service said ${JSON.stringify(rig.seen.at(-1)?.reply.json)}`,
        );
        assert.ok(
          models.every((model) => typeof model.id === 'string' && model.id !== ''),
          'a model has no id',
        );
        assert.deepEqual(warnings, [], 'not all that discover found can be used');
        assert.ok(
          !catalogue || models.some(({ row }) => row),
          'the catalogue does not say of any model what it can do',
        );
        const said = JSON.stringify(rig.seen.map(({ reply }) => reply.json));
        const strange = models.find(({ id }) => !said.includes(id.split('/').at(-1)!));
        assert.ok(!strange, `discover found ${strange?.id}, of which the service said nothing: ${said.slice(0, 200)}`);
        assert.equal(rig.emulator.spent, 0, 'asking for models cost money');
      });
    },
  },
];

/** What an asynchronous resource of Node is, in words. */
const resources: Readonly<Record<string, string>> = {
  Timeout: 'set a timer',
  TCPWRAP: 'opened a connection',
  TLSWRAP: 'opened a connection',
  GETADDRINFOREQWRAP: 'looked up a host',
  HTTPCLIENTREQUEST: 'opened a connection',
  PROCESSWRAP: 'started a process',
};

/** Sees what the provider's own code sets going, apart from what core does on its behalf. */
function watchContext() {
  const inside = new AsyncLocalStorage<true | undefined>();
  const opened = new Set<string>();
  const hook = createHook({
    init(_, type) {
      const what = resources[type];
      if (what && inside.getStore()) opened.add(what);
    },
  });
  const outside = <T>(run: () => T): T => inside.run(undefined, run);
  const around: Around = (_, context, run) => {
    const given = context as CallContext;
    const send: CallContext['http']['send'] = async (request) =>
      answerOutside(await outside(() => given.http.send(request)));
    const own = { ...given, http: { send } };
    return inside.run(true, () => run(own as never));
  };

  function answerOutside(answer: Answer): Answer {
    return {
      status: answer.status,
      headers: answer.headers,
      json: () => outside(() => answer.json()),
      bytes: () => outside(() => answer.bytes()),
      async *events() {
        const events = answer.events()[Symbol.asyncIterator]();
        for (;;) {
          const next = await outside(() => events.next());
          if (next.done) return;
          yield next.value;
        }
      },
    };
  }

  async function watching(run: () => Promise<unknown>): Promise<void> {
    hook.enable();
    try {
      await run();
    } finally {
      hook.disable();
    }
  }
  return { around, opened, watching };
}

/** What is printed while something runs: by the console, or straight to the streams. */
async function printedBy(run: () => Promise<void>): Promise<string> {
  let printed = '';
  const note = (...words: unknown[]) => {
    printed += `${words.map(String).join(' ')}\n`;
    return true;
  };
  const names = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;
  const { console: terminal } = globalThis;
  const before = names.map((name) => terminal[name]);
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  try {
    for (const name of names) terminal[name] = note;
    stdout.write = note;
    stderr.write = note;
    await run();
    return printed;
  } finally {
    for (const [index, name] of names.entries()) terminal[name] = before[index]!;
    [stdout.write, stderr.write] = writes;
  }
}

/** Each option of the model with its first value. */
function firstOptions({ limits: { options = {} } }: Target): ClientRequest {
  const values = Object.entries(options).flatMap(([name, option]): [string, string | number | boolean][] => {
    if (option.type === 'boolean') return option.series || option.makes ? [] : [[name, true]];
    return option.type === 'integer' && option.min !== undefined ? [[name, option.min]] : [];
  });
  return values.length > 0 ? { providerOptions: Object.fromEntries(values) } : {};
}

/** Two pictures that are not alike, where so many are taken: their order can be seen. */
function severalPictures({ request, limits: { images } }: Target): ClientRequest {
  const [first] = request.images ?? [];
  if (!(first instanceof Uint8Array) || !images || images.count[1] < 2) return {};
  const { width = 512, height = 512 } = lookAt(first) ?? {};
  return { images: [first, drawTestCard({ prompt: 'another', width, height })] };
}
