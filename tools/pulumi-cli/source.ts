import type { Engine } from "./engine";

export interface Job {
  readonly engine: Engine;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
}

/** A way to get the CLI: fills `root`, an empty directory, with bin/pulumi and its launcher, or throws. */
export interface Source {
  readonly name: string;
  readonly timeLimitMs: number;
  readonly fill: (root: string, job: Job) => Promise<void>;
}
