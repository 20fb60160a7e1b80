export { ensurePython } from "./ensure-python";
export { checkSchema, generateSdk, SDK_LANGUAGES, type SdkLanguage } from "./run-generator";
