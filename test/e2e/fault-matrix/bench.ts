import type { PulumiFn, RefreshOptions, UpOptions } from "@pulumi/pulumi/automation";
import { IpsecTunnelPsk, Provider } from "../../../src";
import { type Operation, type Simulator, startSimulator } from "../../../src/simulator";
import { findLeaks, type Leak } from "../../support/leaks";
import { type Outcome, startEngine } from "../../support/engine";
import { FAULTS, type Fault, type Strike } from "./faults";
import { type Backend, type Front, startFront } from "./front";
import type { Row } from "./read-matrix";

/** What the state holds of a cell's resource. */
export interface Stored {
  readonly psk: string;
  readonly status: string;
  /** All outputs as one text, to tell whether anything changed. */
  readonly all: string;
}

/** One resource, with a Cloudflare of its own, and the fault that it meets. */
export interface Cell {
  readonly name: string;
  readonly row: Row;
  readonly fault: Fault;
  readonly simulator: Simulator;
  readonly backend: Backend;
  /** What the program asks for. */
  tunnelId: string;
  quarter: string;
  baseUrl: string;
  readonly usualBaseUrl: string;
  strike?: Strike;
}

/** What a command did to one cell. */
export interface Seen {
  readonly failed: boolean;
  /** What the user reads under the resource. */
  readonly text: string;
  readonly stored: Stored | undefined;
}

/** One stack on the real engine, and its cells. */
export interface Bench {
  readonly cells: readonly Cell[];
  preview(): Promise<(cell: Cell) => Seen>;
  up(options?: UpOptions): Promise<(cell: Cell) => Seen>;
  refresh(options?: RefreshOptions): Promise<(cell: Cell) => Seen>;
  destroy(): Promise<(cell: Cell) => Seen>;
  /** The state as it stands. */
  stored(): Promise<(cell: Cell) => Stored | undefined>;
  /** Lets the cell's fault strike the requests that an operation is about. */
  strike(cell: Cell, operations: readonly Operation[]): Promise<void>;
  lift(cell: Cell): Promise<void>;
  leaks(): readonly Leak[];
  close(): Promise<void>;
}

// Long enough for a busy machine, short enough for a row of time-outs.
const SETTINGS = {
  headersTimeoutMs: 1_500,
  bodyTimeoutMs: 1_500,
  connectTimeoutMs: 1_500,
  backoffMs: 20,
  lostResponseWaitMs: 100,
  lagWaitMs: 20,
  maxReads: 3,
  maxGenerations: 3,
  batchWaitMs: 100,
  maxPreviewValidations: 1_000,
};
const MANY = 256;

export async function startBench(rows: readonly Row[], variants: readonly string[] = [""]): Promise<Bench> {
  const front = await startFront();
  const named = rows.flatMap((row, index) =>
    variants.map((variant) => ({ row, name: `k${String(index + 1).padStart(2, "0")}${variant}` })),
  );
  const cells = await Promise.all(named.map(({ row, name }, index) => startCell(front, row, name, index)));
  const engine = await startEngine({
    config: {
      "cloudflare:apiToken": { value: cells[0]?.simulator.apiToken ?? "", secret: true },
      "cloudflare:baseUrl": { value: front.url },
      ...Object.fromEntries(
        Object.entries(SETTINGS).map(([name, ms]) => [`cloudflare-ipsec-psk:${name}`, { value: String(ms) }]),
      ),
    },
  });

  const program: PulumiFn = () => {
    cells.forEach(declare);
    return Promise.resolve();
  };
  const look = async (outcome: Outcome) => {
    const state = storedIn(await engine.exportWithSecrets());
    return (cell: Cell): Seen => ({ ...underTheResource(outcome, cell), stored: state.get(cell.name) });
  };

  return {
    cells,
    preview: async () => look(await engine.preview(program)),
    up: async (options) => look(await engine.up(program, { continueOnError: true, parallel: MANY, ...options })),
    refresh: async () => look(await engine.refresh({ parallel: MANY })),
    destroy: async () => look(await engine.destroy({ parallel: MANY })),
    stored: async () => {
      const state = storedIn(await engine.exportWithSecrets());
      return ({ name }) => state.get(name);
    },
    strike: async (cell, operations) => {
      const { fault, simulator, backend, tunnelId, row } = cell;
      cell.baseUrl = fault.unreachable?.baseUrl(front) ?? cell.usualBaseUrl;
      const times = row.howLong === "once" ? 1 : Infinity;
      cell.strike = await fault.strike({ simulator, backend, tunnelId, operations, times });
      simulator.clearRequests();
    },
    lift: async (cell) => {
      await cell.strike?.lift();
      cell.baseUrl = cell.usualBaseUrl;
      cell.simulator.clearRequests();
    },
    leaks: () =>
      findLeaks(
        engine.written(),
        cells.flatMap(({ simulator }) => [...simulator.issuedKeys(), simulator.apiToken]),
      ),
    close: async () => {
      await engine.close();
      await front.close();
      await Promise.all(cells.map(({ simulator }) => simulator.close()));
    },
  };
}

async function startCell(front: Front, row: Row, name: string, index: number): Promise<Cell> {
  const fault = FAULTS[row.fault];
  if (fault === undefined) throw new RangeError(`Cannot start a cell as there is no such fault: "${row.fault}"`);
  const accountId = String(index + 1).padStart(32, "0");
  const { assumptions = {} } = fault;
  const simulator = await startSimulator({ accounts: [{ id: accountId }], assumptions });
  const backend: Backend = { url: simulator.url };
  front.add(accountId, backend);
  const tunnelId = simulator.addTunnel();
  const usualBaseUrl = fault.ownBaseUrl === true ? simulator.url : front.url;
  return { name, row, fault, simulator, backend, tunnelId, quarter: "Q3", baseUrl: usualBaseUrl, usualBaseUrl };
}

function declare({ name, fault, simulator, tunnelId, quarter, baseUrl }: Cell): void {
  const { accountId, apiToken } = simulator;
  const args = { accountId, ipsecTunnelId: tunnelId, rotationTriggers: { quarter }, ...fault.args };
  // Each provider is a process: only what needs a base URL of its own has one.
  const isShared = fault.unreachable === undefined && fault.ownBaseUrl !== true;
  const options = isShared ? {} : { provider: new Provider(name, { apiToken, baseUrl, ...SETTINGS }) };
  new IpsecTunnelPsk(name, args, options);
}

function underTheResource({ events }: Outcome, { name }: Cell): Omit<Seen, "stored"> {
  const said = events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter(({ urn }) => urn?.includes("IpsecTunnelPsk::") === true && urn.endsWith(`::${name}`));
  return {
    failed: said.some(({ severity }) => severity === "error"),
    text: said.map(({ severity, message }) => `${severity}: ${message}`).join("\n"),
  };
}

interface Exported {
  readonly deployment: {
    readonly resources?: readonly { readonly urn: string; readonly outputs?: Record<string, unknown> }[];
  };
}

function storedIn(exported: string): Map<string, Stored> {
  const { resources = [] } = (JSON.parse(exported) as Exported).deployment;
  const keys = resources.filter(({ urn }) => urn.includes("IpsecTunnelPsk::"));
  return new Map(
    keys.map(({ urn, outputs = {} }) => {
      const { plaintext } = outputs.psk as { plaintext: string };
      const psk = JSON.parse(plaintext) as string;
      return [urn.split("::").at(-1) ?? "", { psk, status: String(outputs.status), all: JSON.stringify(outputs) }];
    }),
  );
}
