// The building blocks of emulators. The conformance suite is the subpath `conformance`, which needs vitest.

export type {
  EmulatedJob,
  EmulatorDefinition,
  Exchange,
  Fields,
  Reply,
  Route,
  Told,
  Understood,
  UnderstoodWord,
  Where,
} from './emulator/definition.ts';
export type { FaultEffect } from './emulator/effects.ts';
export type { Emulator, EmulatorFactory, StartOptions } from './emulator/emulator.ts';
export { defineEmulator } from './emulator/emulator.ts';
export type { Fault, FaultTarget } from './emulator/faults.ts';
export { parseFault } from './emulator/faults.ts';
export type { PlainTarget } from './emulator/plain-context.ts';
export { plainContext } from './emulator/plain-context.ts';
export type { EmulatorEvent, RecordedRequest } from './emulator/recorder.ts';
export type { Observed } from './emulator/service.ts';
export { writeText } from './emulator/text-model.ts';
export type { TestCodec } from './picture/codec.ts';
export { testCodec } from './picture/codec.ts';
export { isBase64, lookAt, type SentPicture } from './picture/look-at.ts';
export { drawPlain, type Plain } from './picture/plain.ts';
export type { IndexedImage, Pixels } from './picture/png.ts';
export { encodePng, pngSize, readPng } from './picture/png.ts';
export type { Card } from './picture/test-card.ts';
export { drawTestCard } from './picture/test-card.ts';
