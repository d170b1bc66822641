export { models } from './capabilities.ts';
export { bailian } from './provider.ts';
