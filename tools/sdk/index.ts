export { checkSchema, generateSdks } from "./run-generator";
