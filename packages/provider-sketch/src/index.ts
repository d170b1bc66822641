export type { SketchModelId } from './capabilities.ts';
export { sketch } from './provider.ts';
