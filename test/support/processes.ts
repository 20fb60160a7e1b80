import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Process {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/** Lists all processes below one of our own, however deep. */
export function descendantsOf(ancestor: number): Process[] {
  const all = list();
  const found: Process[] = [];
  for (let parents = [ancestor]; parents.length > 0;) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map(({ id }) => id);
  }
  return found;
}

/** Lists the processes that run with a `PULUMI_HOME`, even orphans, which are no longer below any process of ours. */
export function processesWithHome(pulumiHome: string): Process[] {
  return list().filter(({ id }) => environmentOf(id).includes(`PULUMI_HOME=${pulumiHome}`));
}

function environmentOf(id: number): string[] {
  try {
    return readFileSync(`/proc/${id}/environ`, "utf8").split("\0");
  } catch {
    // It has ended meanwhile, belongs to another user, or this system has no such file.
    return [];
  }
}

/** Tells whether it is still running: the same command under the same ID, because IDs are reused. */
export function isAlive({ id, command }: Pick<Process, "id" | "command">): boolean {
  return list().some((process) => process.id === id && process.command === command);
}

export function kill(id: number, signal: "SIGKILL" | "SIGINT" = "SIGKILL"): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function list(): Process[] {
  // A minimal Linux has no `ps`, and a system that is not Linux has no /proc.
  return process.platform === "linux" ? readdirSync("/proc").flatMap(processIn) : listedByPs();
}

function processIn(name: string): Process[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    // The name of the program, in parentheses, may contain blanks and parentheses.
    const [, state = "", parent] = /^.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
    const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trimEnd();
    return state === "Z" ? [] : [{ id: Number(name), parent: Number(parent), command }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function listedByPs(): Process[] {
  const text = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [, id, parent, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined || state.startsWith("Z") ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}
