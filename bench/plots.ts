import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { LABELS } from "./labels";
import { groupsOf, type Measure, type Sample, type Who } from "./results";
import { summarize } from "./statistics";

/** A plot, and the text of its SVG file. */
export interface DrawnPlot {
  readonly title: string;
  readonly file: string;
  readonly svg: string;
}

/** The summary of one measure, size and peer. */
interface Mark {
  readonly who: string;
  readonly color: string;
  /** Marks of one group are shown together. */
  readonly group: string;
  readonly keys: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

type Groups = Partial<Record<Measure, string>>;

const COMMANDS: Groups = {
  upSeconds: "up, all new",
  upNothingSeconds: "up, no changes",
  previewSeconds: "preview, all new",
  previewNothingSeconds: "preview, no changes",
  refreshSeconds: "refresh",
  destroySeconds: "destroy",
};
const STARTS: Groups = { requirePackageMs: "package", requireProviderMs: "provider" };

const COLORS: Readonly<Record<Who, string>> = {
  ours: "#1f5fbf",
  native: "#2e8b57",
  closure: "#b8860b",
  text: "#7f7f7f",
  sameState: "#8fb3de",
  sdk: "#c0392b",
  withoutLook: "#8fb3de",
  undici: "#7f7f7f",
  cloudflare: "#c0392b",
  optimum: "#b0b0b0",
};

/** Draws the plots: commands and start times at the scale's size, growth over all sizes. */
export function drawPlots(samples: readonly Sample[], keys: number): DrawnPlot[] {
  const atSize = (sample: Sample) => sample.keys === undefined || sample.keys === keys;
  return [
    {
      title: `Seconds per command, ${keys} keys`,
      file: "commands.svg",
      svg: bars(marksOf(samples.filter(atSize), COMMANDS), "seconds"),
    },
    {
      title: "Seconds per `pulumi up`, by number of keys",
      file: "growth.svg",
      svg: lines(marksOf(samples, { upSeconds: "up" })),
    },
    {
      title: "Client calls per second",
      file: "client.svg",
      svg: bars(marksOf(samples, { callsPerSecond: "calls" }), "calls per second"),
    },
    {
      title: "Milliseconds per `require` in a fresh process",
      file: "start.svg",
      svg: bars(marksOf(samples, STARTS), "milliseconds"),
    },
  ];
}

function marksOf(samples: readonly Sample[], titles: Groups): Mark[] {
  return groupsOf(samples.filter(({ measure }) => measure in titles)).map(({ measure, who, keys = 0, values }) => ({
    ...summarize(values),
    who: LABELS[who],
    color: COLORS[who],
    group: titles[measure] ?? "",
    keys,
  }));
}

/** Draws one bar per median, with a line from the minimum to the maximum. */
function bars(marks: readonly Mark[], unit: string): string {
  const rows = marks.length;
  return draw({
    marginLeft: 140,
    marginRight: 150,
    height: 60 + 24 * rows,
    x: { label: unit, grid: true },
    y: { label: null, domain: labelsIn(marks) },
    fy: { label: null, domain: [...new Set(marks.map(({ group }) => group))] },
    marks: [
      Plot.barX(marks, { x: "median", y: "who", fy: "group", fill: "color" }),
      Plot.ruleY(marks, { x1: "min", x2: "max", y: "who", fy: "group", stroke: "black" }),
      Plot.ruleX([0]),
    ],
  });
}

/** Draws one line per peer over the sizes; both axes are logarithmic. */
function lines(marks: readonly Mark[]): string {
  const sorted = marks.toSorted((a, b) => a.keys - b.keys);
  const colors = new Map(marks.map(({ who, color }) => [who, color]));
  return draw({
    height: 420,
    x: { label: "keys", type: "log", grid: true, tickFormat: ",", ticks: [...new Set(sorted.map(({ keys }) => keys))] },
    y: { label: "seconds", type: "log", grid: true, tickFormat: "," },
    marks: [
      Plot.line(sorted, { x: "keys", y: "median", z: "who", stroke: "color", strokeWidth: 2 }),
      Plot.ruleX(sorted, { x: "keys", y1: "min", y2: "max", stroke: "color" }),
      Plot.dot(sorted, { x: "keys", y: "median", fill: "color", r: 4 }),
      ...labelsIn(marks).map((who, line) =>
        Plot.text([who], { frameAnchor: "top-left", dx: 12, dy: 12 + 18 * line, fill: colors.get(who) ?? "black" }),
      ),
    ],
  });
}

/** Returns the labels of all marks, our own first. */
function labelsIn(marks: readonly Mark[]): string[] {
  return Object.values(LABELS).filter((label) => marks.some(({ who }) => who === label));
}

/** The part of an SVG element that is used here: this project does not load the types of the DOM. */
interface Svg {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}

function draw(options: object): string {
  const { document } = parseHTML("<html></html>") as unknown as { document: object };
  const style = { background: "white", color: "black", fontSize: "12px" };
  const plot = Plot.plot as (options: object) => unknown;
  const svg = plot({ ...options, document, width: 760, style }) as Svg;
  // A separate SVG file must declare its namespace.
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${svg.outerHTML}\n`;
}
