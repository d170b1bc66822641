export type * from './contract.ts';
export { type RedisLimitOptions, redisLimits } from './limits.ts';
export { redisKept } from './open-kept.ts';
export { openSession, type RedisStoreOptions, type Session } from './session.ts';
export { redisTickets } from './tickets.ts';
