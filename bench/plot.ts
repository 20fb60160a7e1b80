import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Peer, PEERS } from "./peers";
import { medianOf, type Sample } from "./samples";
import { COMMANDS, LABELS } from "./table";

const COLORS: Readonly<Record<Peer, string>> = {
  native: "#2e8b57",
  dynamic: "#1f5fbf",
  sdk: "#c0392b",
  floor: "#b8860b",
};

/** The part of an SVG element that is used here: this project does not load the types of the DOM. */
interface Svg {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}

/** Draws the seconds of each command as SVG: one bar for each peer that was measured. */
export function drawCommands(samples: readonly Sample[]): string {
  const bars = Object.entries(COMMANDS).flatMap(([measure, title]) =>
    PEERS.flatMap((who) => {
      const median = medianOf(samples, measure, who);
      return median === undefined
        ? []
        : [{ who: LABELS[who], color: COLORS[who], command: title.replaceAll("`", ""), median }];
    }),
  );
  const { document } = parseHTML("<html></html>") as unknown as { document: object };
  const plot = Plot.plot as (options: object) => unknown;
  const svg = plot({
    document,
    width: 760,
    height: 60 + 24 * bars.length,
    marginLeft: 80,
    marginRight: 220,
    style: { background: "white", color: "black", fontSize: "12px" },
    x: { label: "seconds", grid: true },
    y: { label: null, domain: PEERS.map((who) => LABELS[who]) },
    fy: { label: null, domain: Object.values(COMMANDS).map((title) => title.replaceAll("`", "")) },
    marks: [Plot.barX(bars, { x: "median", y: "who", fy: "command", fill: "color" }), Plot.ruleX([0])],
  }) as Svg;
  // A separate SVG file must declare its namespace.
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${svg.outerHTML}\n`;
}
