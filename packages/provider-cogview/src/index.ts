export { models } from './capabilities.ts';
export { cogview } from './provider.ts';
