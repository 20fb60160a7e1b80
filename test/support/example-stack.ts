import { accessSync, constants } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  type ConfigMap,
  type EngineEvent,
  LocalWorkspace,
  type PreviewOptions,
  PulumiCommand,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { cliRootOf, ensurePulumiCli } from "../../tools/pulumi-cli";
import { requireBuild, ROOT } from "./build";
import { isOwnLeakOfPulumi } from "./engine";
import { readFilesBelow } from "./leaks";

/** One of the folders of `examples`, as a stack that the CLI and a language host run. */
export interface ExampleStack {
  preview(options?: PreviewOptions): Promise<ExampleOutcome>;
  up(options?: UpOptions): Promise<ExampleOutcome>;
  setConfig(config: ConfigMap): Promise<void>;
  /** Everything that was printed, told or stored so far, by name or path. */
  written(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** What one command came to. */
export interface ExampleOutcome {
  readonly succeeded: boolean;
  /** Standard output and standard error, as a user reads them. */
  readonly text: string;
  /** `start` and `end` of what was created, updated or replaced, with its name, in the order of events. */
  readonly steps: readonly string[];
}

export interface ExampleOptions {
  readonly config: ConfigMap;
  /** By host, the environment that a `remote.Command` finds there. */
  readonly hosts: Readonly<Record<string, NodeJS.ProcessEnv>>;
  /** Changes the program before it runs. Default: as it stands in the repository. */
  readonly edit?: (program: string) => string;
}

/** Nothing of the example is changed but what `edit` changes; what no package registry has is stood in for. */
export async function startExample(name: string, { config, hosts, edit }: ExampleOptions): Promise<ExampleStack> {
  requireBuild();
  const folder = await mkdtemp(join(tmpdir(), "ipsec-psk-example-"));
  await cp(join(ROOT, "examples", name), folder, { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  if (edit !== undefined) {
    const program = join(folder, "index.ts");
    await writeFile(program, edit(await readFile(program, "utf8")));
  }

  const cli = await ensurePulumiCli();
  // One that does not lie in a "bin" folder was found on PATH, and will be again.
  const stack = await LocalWorkspace.createStack(
    { stackName: "dev", workDir: folder },
    {
      pulumiCommand: await PulumiCommand.get({ ...cliRootOf(cli), skipVersionCheck: true }),
      pulumiHome: join(folder, "pulumi-home"),
      envVars: {
        PATH: [join(__dirname, "command-plugin"), ...languageHost(), process.env.PATH].join(delimiter),
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-this-test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        REMOTE_HOSTS: JSON.stringify(hosts),
      },
    },
  );
  await stack.setAllConfig(config, true);
  const written = new Map<string, string>();

  async function run(command: string, act: (options: UpOptions) => Promise<unknown>): Promise<ExampleOutcome> {
    const texts: string[] = [];
    const events: EngineEvent[] = [];
    const hear = (text: string) => texts.push(text);
    const failure = await act({
      onOutput: hear,
      onError: hear,
      onEvent: (event) => events.push(event),
      color: "never",
    }).then(
      () => undefined,
      (error: unknown) => texts.push(String(error)),
    );
    const text = texts.join("");
    written.set(`output of ${command} ${written.size}`, text);
    written.set(`events of ${command} ${written.size}`, JSON.stringify(events.filter((e) => !isOwnLeakOfPulumi(e))));
    return { succeeded: failure === undefined, text, steps: stepsIn(events) };
  }

  return {
    preview: (options) => run("preview", (hear) => stack.preview({ ...hear, ...options })),
    up: (options) => run("up", (hear) => stack.up({ ...hear, ...options })),
    setConfig: (changes) => stack.setAllConfig(changes, true),
    written: () => new Map([...written, ...readFilesBelow(folder)]),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const WORK = ["create", "update", "create-replacement"];

function stepsIn(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ resourcePreEvent: started, resOutputsEvent: ended }) => {
    const { op = "", type = "", urn = "" } = (started ?? ended)?.metadata ?? {};
    // The stack and the providers are nobody's concern here.
    if (!WORK.includes(op) || type.startsWith("pulumi:")) return [];
    return [`${started === undefined ? "end" : "start"} ${urn.split("::").at(-1) ?? ""}`];
  });
}

/** None where the official one is on PATH. */
function languageHost(): string[] {
  const isOnPath = (process.env.PATH ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, "pulumi-language-nodejs"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return isOnPath ? [] : [join(__dirname, "language-host")];
}
