interface BuildCounts {
  readonly modules: number;
  readonly packages: number;
}

export interface BuildProgress {
  /** Takes in one line of `go build -v`, and says whether it was progress rather than a complaint. */
  readonly sees: (line: string) => boolean;
  readonly stop: () => void;
}

/** Tells at a calm rate, four times a minute, how far `go build` has come. */
export function startBuildProgress(onProgress: (line: string) => void): BuildProgress {
  const startMs = Date.now();
  let counts: BuildCounts = { modules: 0, packages: 0 };
  const timer = setInterval(() => {
    onProgress(describeBuild(counts, Date.now() - startMs));
  }, 15_000);

  return {
    sees: (line) => {
      const next = countLine(counts, line);
      const isProgress = next !== counts;
      counts = next;
      return isProgress;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

/** Returns the same object for a line that is no progress. */
export function countLine(counts: BuildCounts, line: string): BuildCounts {
  if (line.startsWith("go: downloading ")) return { ...counts, modules: counts.modules + 1 };
  // With -v, a package is a line of its own; whatever go has to complain about has blanks in it.
  if (/^\S+$/.test(line)) return { ...counts, packages: counts.packages + 1 };
  return counts;
}

export function describeBuild({ modules, packages }: BuildCounts, elapsedMs: number): string {
  const fetched = modules > 0 ? `${modules} modules fetched, ` : "";
  return `Building: ${fetched}${packages} packages compiled after ${describeDuration(elapsedMs)}`;
}

export function describeDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
