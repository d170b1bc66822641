// The building blocks of emulators. The conformance suite is the subpath `conformance`, which needs vitest.

export type { TestCodec } from './codec.ts';
export { testCodec } from './codec.ts';
export type { EmulatedJob, EmulatorDefinition, Exchange, Reply, Route } from './definition.ts';
export type { Emulator, EmulatorFactory, StartOptions } from './emulator.ts';
export { defineEmulator } from './emulator.ts';
export type { Fault, FaultEffect, FaultTarget } from './faults.ts';
export { parseFault } from './faults.ts';
export type { IndexedImage } from './png.ts';
export { encodePng, pngSize } from './png.ts';
export type { EmulatorEvent, RecordedRequest } from './recorder.ts';
export type { Card } from './test-card.ts';
export { drawTestCard } from './test-card.ts';
export { writeText } from './text-model.ts';
