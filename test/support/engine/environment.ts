import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { INTERNAL_VARIABLE, type Settings } from "../../../src/connection/settings";

/** What processes read that have settings which users cannot change. */
export function internalSettings(settings: Partial<Settings>): Readonly<Record<string, string>> {
  return Object.keys(settings).length === 0 ? {} : { [INTERNAL_VARIABLE]: JSON.stringify(settings) };
}

/** Runs something with variables in this process's environment, where programs and hooks of a test run. */
export async function withEnvironment<T>(env: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  try {
    return await act();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

const STAND_IN = join(__dirname, "../language-host");

/** PATH with folders of plugins before it, and with a language host for Node.js, if only the tests' stand-in. */
export function pathWith(folders: readonly string[] = []): string {
  const usual = process.env.PATH ?? "";
  return [...folders, usual, ...(hasLanguageHost(usual) ? [] : [STAND_IN])].join(delimiter);
}

function hasLanguageHost(path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "pulumi-language-nodejs"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
