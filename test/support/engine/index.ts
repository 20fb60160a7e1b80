/** Tests on the real engine. Which function to call: ../../README.md. */
export { closeWithoutLeaks } from "./close-without-leaks";
export { type ExampleOptions, startExample } from "./example";
export { DYNAMIC, type Kind, KINDS, NATIVE } from "./kinds";
export type { Outcome } from "./outcome";
export { openBackend, type ProgramStack, type ProgramStackOptions, type TestBackend } from "./programs";
export { type ProjectOptions, type ProjectStack, startProject } from "./project";
export type { Config, TestStack } from "./stack";
export { type EngineOptions, type EngineStackOptions, startEngine, type TestEngine } from "./start-engine";
export type { State, StoredKey } from "./state";
export { isOwnLeakOfPulumi } from "./transcript";
