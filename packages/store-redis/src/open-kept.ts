// What several gateways keep together.

import { randomBytes } from 'node:crypto';
import type { Kept } from './contract.ts';
import { redisIntents } from './intents.ts';
import { redisKeys } from './keys.ts';
import { redisLimits } from './limits.ts';
import { redisRequests } from './requests.ts';
import type { Session } from './session.ts';
import { redisSpending } from './spending.ts';
import { redisTickets } from './tickets.ts';

const makeSecret = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`;

const touch = `return redis.call('SET', KEYS[1], '1')`;

/** Closing it closes the session. */
export function redisKept(session: Session): Kept {
  return {
    keys: redisKeys(session),
    intents: redisIntents(session),
    spending: redisSpending(session),
    tickets: redisTickets(session),
    requests: redisRequests(session),
    accounts: redisLimits(session),
    async secret() {
      const values = [randomBytes(32).toString('hex')];
      return String(await session.run(makeSecret, { action: 'keep a secret in', keys: ['secret'], values }));
    },
    async check() {
      await session.run(touch, { action: 'write to', keys: ['touched'] });
    },
    close: () => session.close(),
  };
}
