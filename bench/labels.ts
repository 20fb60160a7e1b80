import { PEER_LABELS } from "./peers";
import type { Who } from "./results";

/** The names shown in the report and the plots. */
export const LABELS: Readonly<Record<Who, string>> = {
  ...PEER_LABELS,
  withoutLook: "`detectDrift: false`",
  undici: "raw undici",
  cloudflare: "cloudflare",
  optimum: "optimum",
};
