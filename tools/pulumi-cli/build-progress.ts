interface BuildCounts {
  readonly modules: number;
  readonly packages: number;
}

export interface BuildProgress {
  /** Counts one line of `go build -v`. Returns `false` if the line is not progress. */
  readonly handleLine: (line: string) => boolean;
  readonly stop: () => void;
}

/** Reports the progress of `go build` every 15 s. */
export function startBuildProgress(onProgress: (line: string) => void): BuildProgress {
  const startMs = Date.now();
  let counts: BuildCounts = { modules: 0, packages: 0 };
  const timer = setInterval(() => {
    onProgress(describeBuild(counts, Date.now() - startMs));
  }, 15_000);

  return {
    handleLine: (line) => {
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

/** Counts a line of `go build -v`. Returns the same object if the line is not progress. */
export function countLine(counts: BuildCounts, line: string): BuildCounts {
  if (line.startsWith("go: downloading ")) return { ...counts, modules: counts.modules + 1 };
  // With -v, each package is one line. Error messages contain blanks.
  if (/^\S+$/.test(line)) return { ...counts, packages: counts.packages + 1 };
  return counts;
}

export function describeBuild({ modules, packages }: BuildCounts, elapsedMs: number): string {
  const downloaded = modules > 0 ? `${modules} modules downloaded, ` : "";
  return `Building the Pulumi CLI: ${downloaded}${packages} packages compiled after ${describeDuration(elapsedMs)}`;
}

export function describeDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
