import type { Source } from "../../../../tools/pulumi-cli/source";

/** Pulumi's installer on a machine without a network. */
export const unreachable: Source = {
  name: "download",
  timeLimitMs: 60_000,
  fill: () => Promise.reject(new Error("fetch failed")),
};
