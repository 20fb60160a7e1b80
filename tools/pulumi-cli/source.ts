import type { Engine } from "./engine";

export interface Job {
  readonly engine: Engine;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
}

/** A way to get the CLI. */
export interface Source {
  readonly name: string;
  readonly timeLimitMs: number;
  /** Puts bin/pulumi and its launcher into `root`, an empty directory, or throws. */
  readonly fill: (root: string, job: Job) => Promise<void>;
}
