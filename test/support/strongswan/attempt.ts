import { waitUntil } from "../wait-until";
import type { Daemon } from "./daemon";
import { listSas } from "./security-associations";
import { textOf, type ViciResponse } from "./vici-message";

/** How an attempt to establish a tunnel ended. */
export interface Attempt {
  readonly established: boolean;
  /** Why it failed: the peer's notify, such as `AUTHENTICATION_FAILED`, or strongSwan's text. "" if established. */
  readonly reason: string;
}

const RESPONSE_LIMIT_MS = 5_000;

/** Establishes the IKE SA and its Child SA. Both have the connection's name. */
export async function initiate(daemon: Daemon, name: string): Promise<Attempt> {
  const said: string[] = [];
  return daemon.vici(async (vici) => {
    await vici.listen("control-log", (message) => said.push(textOf(message, "msg")));
    const wanted = { ike: name, child: name, timeout: String(RESPONSE_LIMIT_MS), loglevel: "1" };
    return attempt(await vici.request("initiate", wanted), said);
  });
}

/** Ends every IKE SA of a connection, and waits until the peer knows. */
export async function terminate(daemon: Daemon, name: string): Promise<void> {
  if (!(await listSas(daemon)).some((sa) => sa.name === name)) return;
  await daemon.vici((vici) => vici.request("terminate", { ike: name, timeout: String(RESPONSE_LIMIT_MS) }));
}

/** Replaces the keys of the Child SA: the only exchange in which its own Diffie-Hellman group counts. */
export function rekey(daemon: Daemon, name: string): Promise<Attempt> {
  return daemon.vici(async (vici) => {
    const said: string[] = [];
    const events: string[] = [];
    await vici.listen("child-rekey", (message) => events.push(...Object.keys(message)));
    await vici.listen("log", (message) => textOf(message, "ikesa-name") === name && said.push(textOf(message, "msg")));
    const response = await vici.request("rekey", { ike: name, child: name });
    if (response.success !== "yes") return attempt(response, said);

    const rekeyed = () => events.includes(name);
    const failed = () => said.some((line) => line.startsWith("CHILD_SA rekeying failed"));
    await waitUntil(`the Child SA of ${name} was rekeyed`, () => rekeyed() || failed(), RESPONSE_LIMIT_MS);
    return attempt({ success: rekeyed() ? "yes" : "no" }, said);
  });
}

/** Replaces the keys of the IKE SA. */
export function rekeyIke(daemon: Daemon, name: string): Promise<Attempt> {
  return daemon.vici(async (vici) => {
    const said: string[] = [];
    const events: string[] = [];
    await vici.listen("ike-rekey", (message) => events.push(...Object.keys(message)));
    await vici.listen("log", (message) => textOf(message, "ikesa-name") === name && said.push(textOf(message, "msg")));
    const answer = await vici.request("rekey", { ike: name });
    if (answer.success !== "yes") return attempt(answer, said);

    const rekeyed = () => events.includes(name);
    const failed = () => said.some((line) => line.startsWith("IKE_SA rekeying failed"));
    await waitUntil(`the IKE SA of ${name} was rekeyed`, () => rekeyed() || failed(), RESPONSE_LIMIT_MS);
    return attempt({ success: rekeyed() ? "yes" : "no" }, said);
  });
}

/** Waits for a connection that establishes itself. */
export function waitUntilUp(daemon: Daemon, name: string): Promise<void> {
  return daemon.vici(async (vici) => {
    const up: string[] = [];
    await vici.listen("child-updown", (message) => message.up === "yes" && up.push(...Object.keys(message)));
    const sas = await listSas(daemon);
    if (sas.some((sa) => sa.name === name && sa.children.some(({ state }) => state === "INSTALLED"))) return;
    await waitUntil(`connection ${name} was up`, () => up.includes(name), RESPONSE_LIMIT_MS);
  });
}

function attempt(response: ViciResponse, said: readonly string[]): Attempt {
  if (response.success === "yes") return { established: true, reason: "" };
  const [, notify] = /received (\w+) (?:error )?notify|MAC mismatched/.exec(said.join("\n")) ?? [];
  return { established: false, reason: notify ?? (textOf(response, "errmsg") || said.join("\n")) };
}
