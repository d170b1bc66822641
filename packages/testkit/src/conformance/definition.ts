// What can be known of a provider without using it.

import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { describeProvider, hostsOf, type KeyShape, type ProviderDefinition, trustedHostProblem } from '@anyimage/core';
import { always, type Case, rowsOf, withEmulator } from './rig/case.ts';

const words: readonly (keyof ProviderDefinition)[] = [
  ...(['id', 'label', 'models', 'defaultModel', 'unlisted', 'catalogue', 'regions', 'keys'] as const),
  ...(['baseURLs', 'trustedHosts', 'rate'] as const),
];

export const definitionCases: readonly Case[] = [
  {
    id: 'definition-is-json',
    title: 'its definition is the same after a trip through JSON',
    applies: always,
    async run({ provider }) {
      const made = provider();
      const own = Object.fromEntries(
        words.filter((word) => made[word] !== undefined).map((word) => [word, made[word]]),
      );
      assert.deepEqual(describeProvider(made), own);
    },
  },
  {
    id: 'definition-is-sane',
    title: 'its names, regions, keys and hosts are well formed and fit together',
    applies: always,
    async run({ provider }) {
      const made = provider();
      const {
        id,
        label,
        models,
        defaultModel,
        unlisted,
        catalogue,
        regions,
        keys,
        baseURLs = [],
        trustedHosts = [],
        rate,
      } = made;
      assert.match(id, /^[a-z][a-z0-9-]*$/, 'the id is lower case letters, digits and dashes');
      assert.ok(label.trim(), 'the label is empty');
      assert.ok(Object.keys(models).length > 0 || unlisted, 'there is no model');
      if (defaultModel !== undefined && !unlisted) assert.ok(models[defaultModel], 'defaultModel is not in the table');
      assert.ok(!catalogue || made.discover, 'a catalogue is asked by discover, which is missing');
      assert.ok(Object.keys(regions).length > 0, 'there is no region');
      for (const [region, { baseURL, hosts }] of Object.entries(regions)) {
        checkURL(baseURL);
        if (hosts !== undefined) checkHosts(region, hosts);
      }
      for (const { env, region } of [...keys, ...baseURLs]) {
        assert.match(env, /^[A-Z][A-Z0-9_]*$/, `${env} is no name of an environment variable`);
        if (region !== undefined) assert.ok(regions[region], `${env} names the unknown region ${region}`);
      }
      for (const { page, shape } of keys) {
        if (page !== undefined) checkURL(page);
        if (shape) checkShape(shape);
      }
      for (const { env, form } of baseURLs) {
        if (form === undefined) continue;
        const [domain = form] = hostsOf({ regions: {}, baseURLs: [{ env, form }] });
        const problem = trustedHostProblem(domain);
        assert.ok(problem === undefined, `the form of ${env}: ${problem}`);
      }
      for (const host of trustedHosts) {
        const problem = trustedHostProblem(host);
        assert.ok(problem === undefined, `trustedHosts: ${problem}`);
      }
      for (const limit of [rate?.concurrent, rate?.perMinute]) {
        if (limit !== undefined) assert.ok(limit > 0, 'a rate is above 0');
      }
    },
  },
  {
    id: 'functions-fit-table',
    title: 'it has the functions that the modes of its models need',
    applies: always,
    async run({ provider }) {
      const made = provider();
      for (const [model, row] of rowsOf(made)) {
        for (const limits of [row, ...Object.values(row.operations)]) {
          for (const mode of limits.modes ?? (limits === row && !everyModeNamed(row) ? ['call'] : [])) {
            const present = mode === 'job' ? made.jobs : made.generate;
            assert.ok(present, `${model} is reached by ${mode}, and the provider cannot`);
          }
        }
      }
      assert.equal(typeof made.sign, 'function', 'sign is missing');
    },
  },
  {
    id: 'making-one-is-idle',
    title: 'making one does no I/O, reads no environment, and never throws',
    applies: always,
    async run({ provider }) {
      const started: string[] = [];
      const hook = createHook({
        init(_, type) {
          if (type !== 'PROMISE' && type !== 'TickObject') started.push(type);
        },
      });
      const { env } = process;
      const read: PropertyKey[] = [];
      process.env = new Proxy<NodeJS.ProcessEnv>(
        {},
        {
          get(_, name) {
            read.push(name);
            return undefined;
          },
        },
      );
      hook.enable();
      try {
        for (const access of [undefined, {}, { apiKey: '' }, { region: 'nowhere' }, { baseURL: 'no URL' }]) {
          const made = access ? provider(access) : provider();
          assert.deepEqual(made.access, access ?? {});
        }
      } finally {
        hook.disable();
        process.env = env;
      }
      assert.deepEqual({ started, read }, { started: [], read: [] });
    },
  },
  {
    id: 'emulator-is-reachable',
    title: 'the environment variables of the emulator are those the provider reads',
    applies: withEmulator,
    async run({ provider, emulator }) {
      const { keys, baseURLs = [] } = provider();
      assert.ok(
        keys.length === 0 || keys.some(({ env }) => env === emulator!.keyEnv),
        `${emulator!.keyEnv} is not in keys`,
      );
      assert.ok(
        baseURLs.some(({ env }) => env === emulator!.baseURLEnv),
        `${emulator!.baseURLEnv} is not in baseURLs`,
      );
    },
  },
];

function everyModeNamed(row: { operations: { [name: string]: { modes?: unknown } } }): boolean {
  return Object.values(row.operations).every(({ modes }) => modes !== undefined);
}

function checkShape({ own, doubted = [] }: KeyShape): void {
  const patterns = [...(own === undefined ? [] : [own]), ...doubted.map(({ looks }) => looks)];
  for (const pattern of patterns) {
    assert.doesNotThrow(() => new RegExp(pattern), `${pattern} is no regular expression`);
    assert.ok(!new RegExp(pattern).test(''), `${pattern} fits an empty key`);
  }
  for (const { because } of doubted) assert.match(because, /^it .*[^.]$/, `"${because}" does not complete "it …"`);
}

/** A host that ends otherwise must not count: its owner may be anyone. */
function checkHosts(region: string, hosts: string): void {
  assert.doesNotThrow(() => new RegExp(hosts), `${region}: ${hosts} is no regular expression`);
  const whole = new RegExp(`^(?:${hosts})$`);
  assert.match(hosts, /\\\.[a-z0-9-]+\\\.[a-z]+$/, `${region}: ${hosts} does not end in a domain, its dots escaped`);
  assert.ok(!whole.test('') && !whole.test('example.com'), `${region}: ${hosts} fits any host`);
}

function checkURL(text: string): void {
  const url = URL.parse(text);
  const local = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  assert.ok(url?.protocol === 'https:' || (local && url.protocol === 'http:'), `${text} is no https URL`);
  assert.ok(!url.username && !url.password && !url.search && !url.hash, `${text} holds more than origin and path`);
}
