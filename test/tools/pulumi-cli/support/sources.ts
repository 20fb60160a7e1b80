import type { Source } from "../../../../tools/pulumi-cli/source";

/** Fails as Pulumi's installer does on a machine without a network. */
export const unreachable: Source = {
  name: "download",
  timeLimitMs: 60_000,
  fill: () => Promise.reject(new Error("fetch failed")),
};
