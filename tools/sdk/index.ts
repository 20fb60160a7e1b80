export { compileNodeSdk } from "./compile-node-sdk";
export { createSdkPackages } from "./create-packages";
export { ensurePython } from "./ensure-python";
export { checkSchema, ensureGenerator, generateSdk, SDK_LANGUAGES, type SdkLanguage } from "./run-generator";
