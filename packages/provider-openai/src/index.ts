export { models } from './capabilities.ts';
export type { CompatibleOptions } from './compatible.ts';
export { openAICompatible } from './compatible.ts';
export { openai } from './provider.ts';
export type { Server, ServerName } from './servers.ts';
export { servers } from './servers.ts';
export type { Dialect } from './wire.ts';
