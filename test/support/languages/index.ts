export { type Driver, drive } from "./driver";
export { buildGo, installPythonSdk, type Language, LANGUAGES, linkGoSdk } from "./languages";
