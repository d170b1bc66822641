export { models } from './capabilities.ts';
export { bfl } from './provider.ts';
