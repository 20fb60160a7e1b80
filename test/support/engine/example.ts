import { join } from "node:path";
import { type ProjectOptions, type ProjectStack, startProject } from "./project";

export interface ExampleOptions extends ProjectOptions {
  /** The environment that a `remote.Command` finds on each host, by the host's name. */
  readonly hosts: Readonly<Record<string, NodeJS.ProcessEnv>>;
}

/** The script that several examples run on a host. */
const SHARED = "two-tunnels/load-tunnel.sh";

/** Starts one of the folders of `examples`. A stand-in replaces the plugin of @pulumi/command. */
export function startExample(name: string, { hosts, ...options }: ExampleOptions): Promise<ProjectStack> {
  return startProject(
    { "": `examples/${name}`, [`../${SHARED}`]: `examples/${SHARED}` },
    {
      ...options,
      plugins: [join(__dirname, "../command-plugin"), ...(options.plugins ?? [])],
      env: { REMOTE_HOSTS: JSON.stringify(hosts), ...options.env },
    },
  );
}
