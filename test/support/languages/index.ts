export { type Driver, drive } from "./driver";
export { buildGo, compileNodeSdk, installPythonSdk, type Language, LANGUAGES, linkGoSdk } from "./languages";
