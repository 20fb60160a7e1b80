import type { Simulator } from "../../src/simulator";

/** Returns a function that looks up keys in the configuration of a stack that uses a simulator. */
export function configOf(
  simulator: Simulator,
  changes: Readonly<Record<string, string>> = {},
): (key: string) => string | undefined {
  const config: Readonly<Record<string, string>> = {
    "cloudflare:apiToken": simulator.apiToken,
    "cloudflare:baseUrl": simulator.url,
    ...changes,
  };
  return (key) => config[key];
}
